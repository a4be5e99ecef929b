import { Refusal } from '#orchestration/operations'

/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What is refused for the command line alone, before anything is connected, is a fault of the command line. */
export function asUsage<Value>(read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) throw new UsageError(error.message)
    throw error
  }
}
