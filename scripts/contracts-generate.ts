import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { FieldSchema, FieldType, RecordSchema } from '#contracts'

/** A schema file as it lies in its owner's folder. */
export type SchemaFile = { readonly owner: string; readonly name: string; readonly schema: RecordSchema }

const folder = join(import.meta.dirname, '..', 'contracts')

/** Reads `contracts/<owner>/<Event>.avsc`, ordered by owner and name. */
export function readSchemaFiles(): readonly SchemaFile[] {
  return globSync('*/*.avsc', { cwd: folder })
    .sort()
    .map((path) => ({
      owner: dirname(path),
      name: basename(path, '.avsc'),
      schema: JSON.parse(readFileSync(join(folder, path), 'utf8')),
    }))
}

/** The generated files by path under `contracts/`: one module per owner and one that joins them. */
export function generate(files: readonly SchemaFile[]): ReadonlyMap<string, string> {
  files.forEach(checkPlace)
  const owners = [...new Set(files.map((file) => file.owner))]
  return new Map([
    ...owners.map((owner): [string, string] => [
      `generated/${owner}.ts`,
      ownerModule(
        owner,
        files.filter((file) => file.owner === owner),
      ),
    ]),
    ['generated/index.ts', joiningModule(owners)],
  ])
}

function checkPlace({ owner, name, schema }: SchemaFile): void {
  const path = `contracts/${owner}/${name}.avsc`
  if (schema.name !== name) throw new Error(`${path}: the record is called ${schema.name}, the file ${name}`)
  if (schema.namespace !== `chorus.${owner}`) throw new Error(`${path}: namespace must be chorus.${owner}`)
  if (!schema.topic?.startsWith(`${owner}.`)) throw new Error(`${path}: topic must be one of ${owner}'s`)
}

const banner = '// Made from the .avsc files by `npm run contracts:generate`. Do not edit.\n'

function ownerModule(owner: string, files: readonly SchemaFile[]): string {
  const records = new Map<string, RecordSchema>()
  for (const { schema } of files) collectRecords(schema, records)
  return [
    `${banner}import type { EventContract } from '../schema.ts'\n`,
    ...[...records.values()].map(recordType),
    ...unionTypes(files),
    contractsObject(owner, files),
  ].join('\n')
}

/** Types shared between events of one owner are written once; two shapes under one name are refused. */
function collectRecords(type: FieldType, found: Map<string, RecordSchema>): void {
  if (typeof type === 'string') return
  if (Array.isArray(type)) {
    for (const branch of type) collectRecords(branch, found)
  } else if (type.type === 'array') collectRecords(type.items, found)
  else if (type.type === 'map') collectRecords(type.values, found)
  else {
    for (const field of type.fields) collectRecords(field.type, found)
    const known = found.get(type.name)
    if (known && JSON.stringify(known) !== JSON.stringify(type)) {
      throw new Error(`two different records are called ${type.name}`)
    }
    found.set(type.name, type)
  }
}

const docComment = (doc: string, indent = '') => `${indent}/** ${doc} */\n`

const recordType = (record: RecordSchema) =>
  `${docComment(record.doc)}export type ${record.name} = {\n${record.fields.map(property).join('')}}\n`

function property(field: FieldSchema): string {
  const doc = field.personal ? `${field.doc} Personal data.` : field.doc
  const optional = 'default' in field ? '?' : ''
  return `${docComment(doc, '  ')}  readonly ${field.name}${optional}: ${typeScriptType(field.type)}\n`
}

const scalars: Readonly<Record<string, string>> = {
  null: 'null',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  string: 'string',
  bytes: 'Buffer',
}

function typeScriptType(type: FieldType): string {
  if (typeof type === 'string') return scalars[type] ?? type
  if (Array.isArray(type)) return type.map(typeScriptType).join(' | ')
  if (type.type === 'array') return `ReadonlyArray<${typeScriptType(type.items)}>`
  if (type.type === 'map') return `Readonly<Record<string, ${typeScriptType(type.values)}>>`
  return type.name
}

function unionTypes(files: readonly SchemaFile[]): readonly string[] {
  const topics = [...new Set(files.map(({ schema }) => schema.topic as string))].sort()
  return topics.map((topic) => {
    const members = files.filter(({ schema }) => schema.topic === topic).map(({ name }) => name)
    const branches = members.map((name) => `\n  | ({ readonly type: '${name}' } & ${name})`).join('')
    return `${docComment(`What \`${topic}\` carries, as a machine sees it.`)}export type ${unionName(topic)} =${branches}\n`
  })
}

/** `order.events` → `OrderEvent`. */
const unionName = (topic: string) =>
  topic
    .split('.')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .replace(/s$/, '')

function contractsObject(owner: string, files: readonly SchemaFile[]): string {
  const entries = files.map(({ name, schema }) => {
    const contract = {
      type: name,
      owner,
      topic: schema.topic,
      subject: `${schema.topic}-${schema.namespace}.${name}`,
      schema,
    }
    return `  ${name}: ${JSON.stringify(contract, null, 2).replaceAll('\n', '\n  ')},\n`
  })
  return `export const ${owner}Contracts = {\n${entries.join('')}} satisfies Record<string, EventContract>\n`
}

function joiningModule(owners: readonly string[]): string {
  const imports = owners.map((owner) => `import { ${owner}Contracts } from './${owner}.ts'\n`).join('')
  const types = owners.map((owner) => `export type * from './${owner}.ts'\n`).join('')
  const spread = owners.map((owner) => `...${owner}Contracts`).join(', ')
  return `${banner}${imports}\n${types}\n/** Every event and command, by type. */\nexport const events = { ${spread} }\n`
}

if (import.meta.main) {
  const modules = generate(readSchemaFiles())
  rmSync(join(folder, 'generated'), { recursive: true, force: true })
  mkdirSync(join(folder, 'generated'))
  for (const [path, text] of modules) writeFileSync(join(folder, path), text)
  console.log([...modules.keys()].map((path) => `contracts/${path}`).join('\n'))
}
