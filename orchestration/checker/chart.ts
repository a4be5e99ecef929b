import type { Happening, Story } from './story.ts'

const margin = 6
const longest = 44

/** A story as a sequence chart for a terminal: a column for everybody who speaks, a line for each thing that happens. */
export function chart({ happenings, columns }: Story): string {
  const lines = happenings.filter(({ kind }) => kind !== 'said')
  const centres = centresOf(lines, columns)
  const end = (centres.at(-1) ?? 0) + 2

  function row(marks: readonly Mark[], note = ''): string {
    const cells = Array.from({ length: end }, () => ' ')
    for (const centre of centres) cells[centre] = '│'
    for (const { at, text } of marks)
      for (const [index, sign] of [...text].entries()) cells[at + index] = sign
    return `${cells.join('').trimEnd().padEnd(end)}  ${note}`.trimEnd()
  }

  function lineOf(happening: Happening, index: number): string {
    const number = { at: 0, text: String(index + 1).padStart(3) }
    const [from, to] = [columns.indexOf(happening.from), columns.indexOf(happening.to)]
    const isArrow = happening.kind === 'heard' && from >= 0 && from !== to
    return row(
      [number, isArrow ? arrow(from, to, happening.what) : place(happening, columns, centres)],
      noteOf(happening),
    )
  }

  function arrow(from: number, to: number, label: string): Mark {
    const [left = 0, right = 0] = [centres[Math.min(from, to)], centres[Math.max(from, to)]]
    const room = right - left - 2
    const before = Math.max(1, Math.floor((room - label.length - 2) / 2))
    const line = `${'─'.repeat(before)} ${label} `.padEnd(room, '─')
    return { at: left + 1, text: from < to ? `${line}▶` : `◀${line}` }
  }

  const names = columns.map((name, column) => ({
    at: (centres[column] ?? 0) - Math.floor(name.length / 2),
    text: name,
  }))
  const heads = row(names)
  return [heads, row([]), ...lines.map(lineOf), row([])].join('\n')
}

type Mark = { readonly at: number; readonly text: string }

const signs: Partial<Readonly<Record<Happening['kind'], string>>> = { timer: '◷', late: '⇠', unanswered: '✗' }

function place(
  { kind, from, to, what }: Happening,
  columns: readonly string[],
  centres: readonly number[],
): Mark {
  const told = Math.max(columns.indexOf(to), columns.indexOf(from))
  const column = told < 0 ? columns.length - 1 : told
  const text = what.length > longest ? `${what.slice(0, longest - 1)}…` : what
  return { at: centres[column] ?? 0, text: `${signs[kind] ?? '●'} ${text}` }
}

/** Each column as far from the one before as what stands between them is long. */
function centresOf(lines: readonly Happening[], columns: readonly string[]): number[] {
  const centres = [margin + Math.floor((columns[0]?.length ?? 0) / 2)]
  for (let column = 1; column < columns.length; column++) {
    const between = lines.filter(({ from, to }) => {
      const [left, right] = [columns.indexOf(from), columns.indexOf(to)].sort((a, b) => a - b)
      return right === column && left === column - 1
    })
    const aside = lines.filter(({ kind, to }) => kind !== 'heard' && columns.indexOf(to) === column - 1)
    const names = ((columns[column - 1]?.length ?? 0) + (columns[column]?.length ?? 0)) / 2 + 3
    const labels = [
      ...between.map(({ what }) => what.length + 7),
      ...aside.map(({ what }) => Math.min(what.length, longest) + 4),
    ]
    centres.push((centres[column - 1] ?? 0) + Math.ceil(Math.max(names, ...labels)))
  }
  return centres
}

/** The same for pages that draw Mermaid. */
export function mermaid({ happenings, columns }: Story): string {
  const lines = happenings
    .filter(({ kind }) => kind !== 'said')
    .flatMap((happening) => {
      const { kind, from, to, what } = happening
      const note = noteOf(happening)
      if (kind === 'heard')
        return [`  ${from}->>${to}: ${what}`, ...(note ? [`  Note over ${to}: ${note}`] : [])]
      const column = [to, from].find((name) => columns.includes(name)) ?? columns.at(-1)
      return [`  Note over ${column}: ${what}${note ? `<br/>${note}` : ''}`]
    })
  return ['sequenceDiagram', ...columns.map((name) => `  participant ${name}`), ...lines].join('\n')
}

function noteOf({ state, outcome = 'applied', says }: Happening): string {
  if (!state) return ''
  const kept = { applied: '', deferred: 'kept for later', ignored: 'ignored', held: 'cannot go on' }[outcome]
  const move = state.before === state.after ? state.after : `${state.before} → ${state.after}`
  return [move, kept, says.length > 0 ? `says ${says.join(', ')}` : ''].filter(Boolean).join(' · ')
}
