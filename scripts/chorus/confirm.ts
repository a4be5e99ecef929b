import type { Terminal } from './terminal.ts'

/** Asks before more than one thing is changed, where a person can answer. */
export async function confirmed(
  { canAsk, ask }: Terminal,
  what: string,
  { count, yes = false }: { readonly count: number; readonly yes?: boolean },
): Promise<boolean> {
  if (yes || count < 2 || !canAsk) return true
  return /^y(es)?$/i.test((await ask(`${what}? [y/N] `)).trim())
}
