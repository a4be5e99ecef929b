import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize, relative } from 'node:path'
import { expect, test } from '@jest/globals'

const root = join(import.meta.dirname, '..')
const rooms = [
  'console',
  'contracts',
  'messaging',
  'observability',
  'orchestration',
  'services',
  'examples',
  'scripts',
  'infra',
  'test',
  'bench',
]

type File = { readonly path: string; readonly text: string; readonly imports: readonly string[] }

/** Every TypeScript file of ours. Relative imports are given as paths from the root, all others as they are written. */
const files: readonly File[] = rooms
  .flatMap((room) => listed(room))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    return {
      path,
      text,
      imports: importsOf(text).map((name) =>
        name.startsWith('.') ? normalize(join(dirname(path), name)) : name,
      ),
    }
  })

function listed(folder: string): string[] {
  try {
    return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() && /\.m?tsx?$/.test(entry.name) && !entry.parentPath.includes('/console/dist'),
      )
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'`, `import('x')`; `{ with: … }` and types alike. */
function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const statements = code.matchAll(
    /^\s*(?:import|export)\b[^'";]*?\bfrom\s*'([^']+)'|\bimport\s*\(?\s*'([^']+)'/gm,
  )
  return [...statements].map(([, from, name]) => from ?? name ?? '')
}

/** The door for tests of participants. */
const kit = '#orchestration/testing'

const roomOf = (path: string): string => path.split('/')[0] ?? ''
const isTest = (path: string): boolean => /\.(test|fixtures?|conformance|testbed)\.ts$/.test(path)
const isOurs = (name: string): boolean => name.startsWith('#') || rooms.includes(roomOf(name))

/** Each broken rule as `file → import`. */
function offences(of: readonly File[], isWrong: (name: string, path: string) => boolean): string[] {
  return of.flatMap(({ path, imports }) =>
    imports.filter((name) => isWrong(name, path)).map((name) => `${path} → ${name}`),
  )
}

const inRoom = (room: string) => files.filter(({ path }) => roomOf(path) === room)

test('the imports of all rooms were read', () => {
  expect(files.length).toBeGreaterThan(100)
  expect(
    importsOf(
      `import 'a'\nimport b, { type C } from 'd'\nexport * from 'e'\nawait import('f')\n// import 'g'`,
    ),
  ).toEqual(['a', 'd', 'e', 'f'])
})

test.each([
  ['contracts', []],
  ['observability', []],
  ['messaging', ['#observability']],
  ['orchestration', ['#messaging', '#observability']],
  ['services', ['#contracts', '#messaging', '#observability', '#orchestration', '#orchestration/operations']],
  ['examples', ['#messaging', '#observability', '#orchestration']],
])('%s imports of ours only its own files and these doors: %j', (room, doors) => {
  const allowed: readonly string[] = doors
  const isForeign = (name: string) => isOurs(name) && roomOf(name) !== room && !allowed.includes(name)
  const isForTests = (name: string) => roomOf(name) === 'test' || [`#${room}`, kit].includes(name)
  expect(
    offences(inRoom(room), (name, path) => isForeign(name) && !(isTest(path) && isForTests(name))),
  ).toEqual([])
})

test('a library room is entered through its door, from wherever', () => {
  const libraries = ['contracts', 'messaging', 'orchestration', 'observability']
  const isBackDoor = (name: string, path: string) =>
    libraries.includes(roomOf(name)) && roomOf(name) !== roomOf(path) && !name.endsWith('.mjs')
  expect(
    offences(
      files.filter(({ path }) => !isTest(path)),
      isBackDoor,
    ),
  ).toEqual([])
})

test('the console knows of the rest only what the API says, and that as types', () => {
  const api = 'services/tracker/api.ts'
  expect(
    offences(inRoom('console'), (name) => isOurs(name) && roomOf(name) !== 'console' && name !== api),
  ).toEqual([])
  const importing = inRoom('console').filter(({ imports }) => imports.includes(api))
  expect(importing.length).toBeGreaterThan(10)
  for (const { text } of importing)
    expect(text).not.toMatch(/^import (?!type\b)[^']*'[^']*tracker\/api\.ts'/m)
})

test('what stands in for the outside is loaded by tests, and by whoever records journals, never by production', () => {
  const isKit = (name: string) => name === kit || name.startsWith('orchestration/testing/')
  const isOfKit = (path: string) => path.startsWith('orchestration/testing/')
  const production = files.filter(
    ({ path }) =>
      !isTest(path) && !isOfKit(path) && roomOf(path) !== 'test' && !path.startsWith('scripts/journals/'),
  )
  expect(offences(production, isKit)).toEqual([])
})

test('the doors that package.json opens are the rooms’ index files', () => {
  const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(imports).toEqual({
    '#contracts': './contracts/index.ts',
    '#messaging': './messaging/index.ts',
    '#orchestration': './orchestration/index.ts',
    '#orchestration/operations': './orchestration/operations/index.ts',
    '#orchestration/simulation': './orchestration/simulation/index.ts',
    '#orchestration/testing': './orchestration/testing/index.ts',
    '#observability': './observability/index.ts',
  })
})

/** A machine and what it is run with: pure, until somebody runs it. */
const readByTheCast = new Set(['machine.ts', 'participant.ts', 'config.ts'])

test('no service imports another one; only the cast reads their machines and participants', () => {
  const serviceOf = (path: string) => (path.split('/').length > 2 ? path.split('/')[1] : undefined)
  const foreign = offences(inRoom('services'), (name, path) => {
    if (roomOf(name) !== 'services' || serviceOf(name) === serviceOf(path)) return false
    return !(path === 'services/cast.ts' && readByTheCast.has(basename(name)))
  })
  expect(foreign).toEqual([])
})

test('a machine is pure: it imports XState and types only', () => {
  const machines = files.filter(({ path }) => /^services\/\w+\/machine\.ts$/.test(path))
  expect(machines.length).toBeGreaterThan(2)
  expect(offences(machines, (name) => !['xstate', '#contracts'].includes(name))).toEqual([])
  for (const { text } of machines) expect(text).toMatch(/import type [^;]*?'#contracts'/)
})

test('kafkajs is known to messaging/kafka and infra only', () => {
  const others = files.filter(({ path }) => !/^(messaging\/kafka|infra)\//.test(path) && !isTest(path))
  expect(offences(others, (name) => name === 'kafkajs' || name.startsWith('kafkajs/'))).toEqual([])
})

test('no shop word is inside the library', () => {
  const shop =
    /payment|shipment|shipping|customer|refund|carrier|invoice|\bsku\b|\b[oO]rder(Id|s?\.\w|-\w|[A-Z])|['"`]orders?['"`]/
  const isLibrary = (path: string) => /^(messaging|orchestration|observability)\//.test(path) && !isTest(path)
  const found = files
    .filter(({ path }) => isLibrary(path))
    .flatMap(({ path, text }) => text.split('\n').map((line, i) => `${path}:${i + 1}: ${line.trim()}`))
  expect(found.filter((line) => shop.test(line))).toEqual([])
})

test('no file has more than 300 lines', () => {
  const long = files
    .filter(({ path }) => !path.includes('/generated/'))
    .filter(({ text }) => text.split('\n').length > 301)
  expect(long.map(({ path }) => path)).toEqual([])
})

test('nothing is called lib, common, shared, utils or helpers', () => {
  const vague = /(^|\/)(lib|common|shared|utils?|helpers?)(\.|\/)/
  expect(files.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([])
})
