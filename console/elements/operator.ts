import { useStored } from './stored.ts'

/** Who acts: asked once, and kept in this browser. The audit names them. */
export function useOperator(): readonly [string, (name: string) => void] {
  return useStored('operator', '')
}
