/** The command line is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was asked for cannot be done: exit code 1. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
