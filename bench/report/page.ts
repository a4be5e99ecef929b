import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BenchResult } from '../result.ts'
import { markdown } from './markdown.ts'

const docs = join(import.meta.dirname, '../../docs')
export const pageFile = join(docs, 'benchmarks.md')
/** What the page was made from, so that a test can make it again. */
export const resultFile = join(docs, 'generated', 'benchmarks.json')

const marks = { begin: '<!-- figures: npm run bench -- --write-docs -->', end: '<!-- end of figures -->' }

/** Puts a run's figures into the page, and the run itself beside it. */
export function writePage(result: BenchResult): void {
  mkdirSync(dirname(resultFile), { recursive: true })
  writeFileSync(resultFile, `${JSON.stringify(result, undefined, 2)}\n`)
  writeFileSync(pageFile, withFigures(readFileSync(pageFile, 'utf8'), result))
}

/** The page with these figures between its marks. Throws when it has none. */
export function withFigures(page: string, result: BenchResult): string {
  return between(marks, page, markdown(result))
}

/** The page with this text between its marks. Throws when it has none. */
export function between(
  marks: { readonly begin: string; readonly end: string },
  page: string,
  text: string,
): string {
  const [begin, end] = [page.indexOf(marks.begin), page.indexOf(marks.end)]
  if (begin < 0 || end < begin) throw new Error('the page has no place for figures')
  return `${page.slice(0, begin + marks.begin.length)}\n\n${text}\n\n${page.slice(end)}`
}
