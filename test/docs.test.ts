import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { portTable } from '../infra/ports.ts'
import { pages as diagramPages, diagrams, withDiagrams } from '../scripts/diagrams/diagrams.ts'
import { scenarios } from '../scripts/shop/scenarios.ts'
import { codeBlocks, pages, prose, quoted, root, slug, tableUnder, textOf } from './markdown.ts'

type Reference = { readonly page: string; readonly target: string }

/** Links to files of the repository, as they stand. Images and inline code are none. */
const links: readonly Reference[] = pages().flatMap((page) =>
  [...prose(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) =>
    /^[a-z]+:/.test(target) ? [] : [{ page, target }],
  ),
)

/** What keeps a link from leading where it says. */
function fault({ page, target }: Reference): string | undefined {
  const [path = '', fragment] = target.split('#')
  const file = path === '' ? page : relative(root, join(root, dirname(page), path))
  if (!existsSync(join(root, file))) return `${page}: ${target}: there is no ${file}`
  if (fragment === undefined || statSync(join(root, file)).isDirectory()) return undefined
  const known = file.endsWith('.md') ? anchors(file).includes(fragment) : declares(file, fragment)
  return known ? undefined : `${page}: ${target}: ${file} has no ${fragment}`
}

function anchors(file: string): readonly string[] {
  return [...prose(textOf(file)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slug(heading))
}

function declares(file: string, name: string): boolean {
  return new RegExp(`\\b(function|const|let|class|type|interface) ${name}\\b`).test(textOf(file))
}

const npmScripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts)

/** The text of everything that may read a setting. */
const sources = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && !/\.(test|fixtures)\.ts$/.test(path) && existsSync(join(root, path)))
  .map(textOf)
  .join('\n')

describe('the pages', () => {
  test('link only to files, headings and names that exist', () => {
    expect(links.length).toBeGreaterThan(100)
    expect(links.flatMap((link) => fault(link) ?? [])).toEqual([])
  })

  test('name only files that exist', () => {
    const named = pages().flatMap((page) =>
      quoted(prose(textOf(page)))
        .filter((text) => /^[\w.-]+(\/[\w.-]+)+\.(ts|mjs|json|yml|md|avsc|xml)$/.test(text))
        .map((path) => ({ page, path })),
    )
    const lost = named.filter(
      ({ page, path }) => ![root, join(root, dirname(page))].some((folder) => existsSync(join(folder, path))),
    )
    expect(lost).toEqual([])
  })

  test('name only npm scripts and scripts of ours that exist', () => {
    const all = pages().map(textOf).join('\n')
    const run = [...all.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(run.filter((name) => !npmScripts.includes(name))).toEqual([])
    const typed = pages().flatMap((page) => codeBlocks(textOf(page), 'sh', 'bash'))
    const files = typed.flatMap((block) => block.match(/(?<=^|\s)[\w./-]+\.(ts|mjs)(?=\s|$)/gm) ?? [])
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test('show code of a file as it stands there', () => {
    const shown = pages().flatMap((page) =>
      [...textOf(page).matchAll(/^```ts ([\w./-]+)\n([\s\S]*?)^```/gm)].map(([, path = '', code = '']) => ({
        page,
        path,
        stands: packed(textOf(path)).includes(packed(code)),
      })),
    )
    expect(shown.filter(({ stands }) => !stands)).toEqual([])
  })

  test('are all reached from the README', () => {
    const reached = new Set<string>()
    const queue = ['README.md']
    for (let page = queue.pop(); page !== undefined; page = queue.pop()) {
      if (reached.has(page)) continue
      reached.add(page)
      const from = page
      queue.push(
        ...links
          .filter((link) => link.page === from)
          .map(({ target }) => relative(root, join(root, dirname(from), target.split('#')[0] ?? '')))
          .filter((path) => path.endsWith('.md') && existsSync(join(root, path))),
      )
    }
    expect(pages().filter((page) => !reached.has(page))).toEqual([])
  })
})

/** Without indentation and line breaks, which a page may choose for itself. */
function packed(code: string): string {
  return code.replaceAll(/\s+/g, ' ').trim()
}

describe('the README', () => {
  const readme = textOf('README.md')

  test('names every port as it is', () => {
    const rows = [...readme.matchAll(/^\| `(\w+_PORT)` +\| `?(\d+)`? +\|/gm)].map(([, name, port]) => [
      name,
      port,
    ])
    const ports = Object.values(portTable).map(({ variable, port }) => [variable, String(port)])
    expect(rows).toEqual(ports)
  })

  test('names only settings that something reads', () => {
    const named = tableUnder(readme, 'Run it for real').flatMap(({ Variable = '' }) => quoted(Variable))
    expect(named.length).toBeGreaterThan(10)
    const unread = named.filter((name) => !sources.includes(name) && !name.startsWith('OTEL_'))
    expect(unread).toEqual([])
  })

  test('names every setting of the connections', () => {
    const read = new Set(
      sources.match(
        /\b(KAFKA_(SSL|SASL|BOOTSTRAP)(_[A-Z]+)*|SCHEMA_REGISTRY_[A-Z]+|MONGODB_(URI|DATABASE))\b/g,
      ),
    )
    const named = tableUnder(readme, 'Run it for real').flatMap(({ Variable = '' }) => quoted(Variable))
    expect(named).toEqual(expect.arrayContaining([...read]))
  })

  test('embeds the diagrams as the machines draw them', () => {
    expect(withDiagrams(readme)).toBe(readme)
  })
})

describe('the diagrams', () => {
  test.each([...diagramPages()])('in docs/diagrams/%s are as the machines draw them', (name, page) => {
    expect(textOf(join('docs', 'diagrams', name))).toBe(page)
  })

  test('tell every way that npm start plays', () => {
    expect([...diagrams().keys()]).toEqual(expect.arrayContaining(scenarios.map(({ name }) => name)))
  })
})
