import { harmless, type Terminal } from './terminal.ts'

/** What a command tells its results with. */
export type Telling = { readonly output: Output; readonly terminal: Terminal }

export type OutputOptions = { readonly json?: boolean; readonly plain?: boolean }

export type Column<Row> = { readonly title: string; readonly cell: (row: Row) => string }

/** How a command tells its results: text for people, one JSON object per line for programs. */
export type Output = {
  /** A list: `values` for programs, `rows` for people. */
  rows<Row>(values: readonly object[], rows: readonly Row[], columns: readonly Column<Row>[]): void
  /** One result: `mark` says how it went. */
  result(value: object, mark: Mark, text: string): void
  /** One result of several lines. */
  page(value: object, lines: readonly string[]): void
}

export type Mark = keyof typeof marks

const marks = {
  done: { sign: '✓', colour: 32 },
  would: { sign: '·', colour: 90 },
  waits: { sign: '…', colour: 33 },
  failed: { sign: '✗', colour: 31 },
} as const

/** JSON where a program reads, unless `plain` asks for text, or where `json` asks for it. */
export function output(terminal: Terminal, { json, plain }: OutputOptions): Output {
  const { out } = terminal
  const paint = (code: number, text: string) => (terminal.colour ? `\u001b[${code}m${text}\u001b[0m` : text)
  if (json || (!plain && !terminal.isRead)) {
    const line = (value: object) => out(JSON.stringify(value))
    return { rows: (values) => values.forEach(line), result: line, page: line }
  }
  return {
    rows(_, rows, columns) {
      if (rows.length === 0) return
      const [title = '', ...lines] = table(rows, columns, terminal.isRead ? terminal.width : undefined)
      for (const line of [paint(90, title), ...lines]) out(line)
    },
    result(_, mark, text) {
      const { sign, colour } = marks[mark]
      out(`${paint(colour, sign)} ${harmless(text)}`)
    },
    page(_, lines) {
      for (const line of lines) out(harmless(line))
    },
  }
}

/** Titles and rows, each column as wide as its widest cell; with a width, the last one ends there. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  width = Number.POSITIVE_INFINITY,
): string[] {
  const cells = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => harmless(cell(row)))),
  ]
  const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)))
  return cells.map((row) => {
    const line = row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
    return line.length > width ? `${line.slice(0, width - 1)}…` : line
  })
}
