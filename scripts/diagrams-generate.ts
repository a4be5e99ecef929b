import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pages, withDiagrams } from './diagrams/diagrams.ts'

/** Draws the machines anew: the pages of `docs/diagrams`, and the diagrams that the README embeds. */
const root = join(import.meta.dirname, '..')
for (const [name, page] of pages()) write(join('docs', 'diagrams', name), page)
write('README.md', withDiagrams(readFileSync(join(root, 'README.md'), 'utf8')))

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text)
  console.log(`written  ${path}`)
}
