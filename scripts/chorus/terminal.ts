import { createInterface } from 'node:readline/promises'

/** Where a command writes, and whom it can ask. Results go to `out`, everything about them to `err`. */
export type Terminal = {
  out(line: string): void
  err(line: string): void
  /** A line on `err` that the next one replaces; nothing where nobody looks. */
  progress(line: string): void
  /** A person reads `out`; otherwise a program does. */
  readonly isRead: boolean
  /** A person can answer. */
  readonly canAsk: boolean
  readonly colour: boolean
  /** Columns of `out`. */
  readonly width: number
  ask(question: string): Promise<string>
}

type Process = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env'>

/** The terminal of this process. */
export function processTerminal({ stdin, stdout, stderr, env }: Process = process): Terminal {
  const clearing = '\r\u001b[2K'
  let clear = ''

  function err(text: string): void {
    stderr.write(`${clear}${text}`)
    clear = ''
  }

  return {
    out(line) {
      if (clear) err('')
      stdout.write(`${line}\n`)
    },
    err: (line) => err(`${line}\n`),
    progress(line) {
      if (!stderr.isTTY || env.TERM === 'dumb') return
      err(line)
      clear = clearing
    },
    isRead: stdout.isTTY === true,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    colour: stdout.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    width: stdout.columns || 80,
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question)
      } finally {
        lines.close()
      }
    },
  }
}

/** Text of others for a terminal: what could move its cursor, colour it or break the line becomes visible. */
export function harmless(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}/gu, (sign) =>
    sign === '\n' || sign === '\t' ? ' ' : `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
