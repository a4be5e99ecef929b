import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Problem } from './problem.ts'
import type { StoreEngine } from './store.ts'

const CHECKOUT = fileURLToPath(new URL('..', import.meta.url))

/** The servers whose data only make sense together: topics, schemas and sagas refer to each other. */
export type DataPart = 'kafka' | 'registry' | 'store'

const parts: readonly DataPart[] = ['kafka', 'registry', 'store']

/** One set of data: every part of it carries the same id. */
export interface DataSet {
  readonly id: string
  readonly parts: readonly DataPart[]
  readonly engine?: StoreEngine
}

/** `CHORUS_DATA`, or `.chorus/data` in the checkout. */
export function dataFolderFrom(environment: NodeJS.ProcessEnv): string {
  return resolve(CHECKOUT, environment.CHORUS_DATA || join('.chorus', 'data'))
}

/**
 * The set that lies in `folder`, or undefined when nothing does. Throws a `Problem` when some of its parts are
 * gone or of another set, or when the set is not made of the parts that are `wanted` now.
 */
export function dataSetIn(folder: string, wanted: readonly DataPart[]): DataSet | undefined {
  const set = readSet(folder)
  const present = parts.filter((part) => existsSync(join(folder, part)))
  if (!set && present.length === 0) return undefined
  const whole = parts.filter((part) => set?.parts.includes(part) && idOf(folder, part) === set.id)
  const broken = parts.filter(
    (part) => !whole.includes(part) && (present.includes(part) || set?.parts.includes(part)),
  )
  if (!set || broken.length > 0) throw halfPresent(folder, whole, broken)
  if (wanted.length !== whole.length || wanted.some((part) => !whole.includes(part)))
    throw otherParts(folder, whole, wanted)
  return set
}

/** Marks the folders of a new set, before any server writes into them. */
export function createDataSet(folder: string, set: Omit<DataSet, 'id'>): void {
  const id = randomUUID()
  for (const part of set.parts) {
    mkdirSync(join(folder, part), { recursive: true })
    writeFileSync(join(folder, part, ID_FILE), id)
  }
  writeFileSync(join(folder, SET_FILE), JSON.stringify({ id, ...set }, undefined, 2))
}

/** Removes every part together, and the folder when nothing of anybody else is in it. */
export function wipeFolder(folder: string): void {
  for (const name of [...parts, 'logs', 'sandbox.jsonl', SET_FILE])
    rmSync(join(folder, name), { recursive: true, force: true })
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
}

const SET_FILE = 'set.json'
const ID_FILE = 'set-id'

function readSet(folder: string): DataSet | undefined {
  const file = join(folder, SET_FILE)
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

function idOf(folder: string, part: DataPart): string | undefined {
  const file = join(folder, part, ID_FILE)
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function halfPresent(folder: string, whole: readonly DataPart[], broken: readonly DataPart[]): Problem {
  const kept = whole.length > 0 ? `${whole.join(' and ')} belong together, ` : ''
  return new Problem('The stored data are only half there.', {
    why: `in ${folder} ${kept}${broken.join(' and ')} is missing or of another set: topics, schemas and sagas would not fit`,
    fix: 'npm run down -- --data   (wipes all of it together)',
  })
}

function otherParts(folder: string, whole: readonly DataPart[], wanted: readonly DataPart[]): Problem {
  return new Problem('The stored data are of other servers.', {
    why: `${folder} holds data of ${whole.join(', ')}, and this start keeps data of ${wanted.join(', ')} there`,
    fix: 'npm run down -- --data   (wipes all of it together)',
    or: 'CHORUS_DATA=<another folder> npm start',
  })
}
