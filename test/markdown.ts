import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

/** Every page of the repository, by its path from the root: what git tracks, or would. */
export function pages(): readonly string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate', '*.md'],
    { cwd: root, encoding: 'utf8' },
  )
  return listed.split('\n').filter((path) => path !== '')
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** A page without its code blocks: what stands in them is no link. */
export function prose(markdown: string): string {
  return markdown.replaceAll(/^```[\s\S]*?^```/gm, '')
}

/** The contents of the code blocks in one of these languages. */
export function codeBlocks(markdown: string, ...languages: readonly string[]): readonly string[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(([, language = '', text = '']) =>
    languages.includes(language) ? [text] : [],
  )
}

export type Row = Readonly<Record<string, string>>

/** The rows of the first table under this heading, by the titles of its columns. Empty without one. */
export function tableUnder(markdown: string, heading: string): readonly Row[] {
  const [, section = ''] = prose(markdown).split(new RegExp(`^#+ ${heading}$`, 'm'))
  const [own = ''] = section.split(/^#+ /m)
  const lines = own.split('\n').filter((line) => line.startsWith('|'))
  const [titles = [], , ...rows] = lines.map(cells)
  return rows.map((row) => Object.fromEntries(titles.map((title, column) => [title, row[column] ?? ''])))
}

function cells(line: string): readonly string[] {
  return line
    .slice(1, line.lastIndexOf('|'))
    .split('|')
    .map((cell) => cell.trim())
}

/** What stands in backquotes, in order. */
export function quoted(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
}

/** The fragment that a heading gets on a web page. */
export function slug(heading: string): string {
  const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
  return text
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
}
