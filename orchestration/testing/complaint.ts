import { type Difference, differences } from '../differences.ts'

type Fields = Readonly<Record<string, unknown>>

/** Throws when a field of `expected` is not so in `found`, with each difference and all that happened. */
export function demand(expected: Fields, found: Fields, happened: readonly string[]): void {
  const looked = Object.fromEntries(Object.keys(expected).map((field) => [field, found[field]]))
  const wrong = differences(asJson(expected), asJson(looked))
  if (wrong.length === 0) return
  throw new Error(
    ['not as expected', ...wrong.map(paragraph), ['what happened:', ...happened].join('\n  ')].join('\n\n'),
  )
}

/** What is found is JSON: so a field that a test leaves undefined is not there. */
function asJson(fields: Fields): unknown {
  return JSON.parse(JSON.stringify(fields))
}

function paragraph({ path, expected, found }: Difference): string {
  return [path, labelled('expected', expected), labelled('found', found)].join('\n')
}

function labelled(label: string, value: unknown): string {
  const items = Array.isArray(value) ? value : [value]
  const lines = items.length === 0 ? ['nothing'] : items.map(shown)
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(8)}  ${line}`).join('\n')
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
