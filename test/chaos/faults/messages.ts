import { type Inflict, metNothing } from './fault.ts'

/** Everything that is said is said twice. */
export const duplicate: Inflict = async (_, { tap }) => {
  const before = tap.sentAgain()
  tap.duplicate(true)
  return {
    async heal() {
      tap.duplicate(false)
      await tap.quiet()
      const count = tap.sentAgain() - before
      return count > 0 ? `${count} messages sent again` : metNothing('nothing was said')
    },
  }
}

/** What was long over is said again. */
export const replay: Inflict = async ({ by = 100 }, { tap }) => {
  const sending = tap.replay(by)
  sending.catch(() => {})
  return {
    async heal() {
      const count = await sending
      return count > 0 ? `${count} old messages sent again` : metNothing('nothing was said before')
    },
  }
}
