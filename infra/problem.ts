/** What went wrong, told so that the reader can go on: the fact that was found and the command that helps. */
export class Problem extends Error {
  readonly why: string
  readonly fix: string
  readonly or: string | undefined

  constructor(
    what: string,
    { why, fix, or, cause }: { why: string; fix: string; or?: string; cause?: unknown },
  ) {
    super(what, { cause })
    this.name = 'Problem'
    this.why = why
    this.fix = fix
    this.or = or
  }
}

/** The text of an error for a terminal: a `Problem` in its four lines, anything else as its stack. */
export function explain(error: unknown): string {
  if (!(error instanceof Problem))
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  const lines = [`✗ ${error.message}`, `  Why: ${indent(error.why)}`, `  Fix: ${error.fix}`]
  return error.or ? [...lines, `  Or:  ${error.or}`].join('\n') : lines.join('\n')
}

function indent(text: string): string {
  return text.split('\n').join('\n       ')
}
