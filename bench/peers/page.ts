import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { between } from '../report/page.ts'
import { markdown } from './markdown.ts'
import type { PeersResult } from './result.ts'

const docs = join(import.meta.dirname, '../../docs')
export const pageFile = join(docs, 'peers.md')
/** What the page was made from, so that a test can make it again. */
export const resultFile = join(docs, 'generated', 'peers.json')

const marks = {
  begin: '<!-- figures: npm run bench:peers -- --write-docs -->',
  end: '<!-- end of figures -->',
}

/** Puts a run's figures into the page, and the run itself beside it. */
export function writePage(result: PeersResult): void {
  mkdirSync(dirname(resultFile), { recursive: true })
  writeFileSync(resultFile, `${JSON.stringify(result, undefined, 2)}\n`)
  writeFileSync(pageFile, withFigures(readFileSync(pageFile, 'utf8'), result))
}

/** The page with these figures between its marks. Throws when it has none. */
export function withFigures(page: string, result: PeersResult): string {
  return between(marks, page, markdown(result))
}
