import { createContext, use } from 'react'
import type { ConsoleSettings } from '../../services/tracker/api.ts'

/** What may be done here, until the tracker has said: nothing. */
export const SettingsContext = createContext<ConsoleSettings>({
  environment: '',
  isWritable: false,
  token: null,
})

export function useSettings(): ConsoleSettings {
  return use(SettingsContext)
}
