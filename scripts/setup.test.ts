import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

/** Stands in for npm: records its arguments, and leaves what a finished `npm ci` leaves. */
const NPM = `
const { appendFileSync, mkdirSync, rmSync, copyFileSync } = require('node:fs')
appendFileSync('npm-calls.txt', process.argv.slice(2, 3) + '\\n')
rmSync('node_modules', { recursive: true, force: true })
mkdirSync('node_modules')
if (process.env.NPM_FAILS) process.exit(1)
copyFileSync('package-lock.json', 'node_modules/.package-lock.json')
`

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'chorus-setup-'))
  mkdirSync(join(root, 'scripts'))
  for (const file of ['setup.mjs', 'follow-parent.mjs'])
    copyFileSync(fileURLToPath(new URL(file, import.meta.url)), join(root, 'scripts', file))
  writeFileSync(join(root, 'npm.js'), NPM)
  lock('1.0.0')
  script('console.log(process.argv.slice(2).join(" "))')
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('a start', () => {
  test('installs the dependencies when the lockfile changed, and only then', async () => {
    await setup()
    await setup()
    expect(calls()).toEqual(['ci'])
    lock('1.0.1')
    await setup()
    expect(calls()).toEqual(['ci', 'ci'])
  })

  test('takes the `npm ci` that somebody ran by hand for its own', async () => {
    mkdirSync(join(root, 'node_modules'))
    copyFileSync(join(root, 'package-lock.json'), join(root, 'node_modules/.package-lock.json'))
    await setup()
    expect(calls()).toEqual([])
  })

  test('installs again after an install that did not finish', async () => {
    const { code, errors } = await setup({ NPM_FAILS: 'yes' })
    expect(code).toBe(1)
    expect(errors).toContain('✗ The dependencies could not be installed.')
    const again = await setup()
    expect(again.code).toBe(0)
    expect(again.errors).not.toContain('Another start')
    expect(calls()).toEqual(['ci', 'ci'])
  })

  test('waits for another start that is installing', async () => {
    await Promise.all([setup(), setup(), setup()])
    expect(calls()).toEqual(['ci'])
  })

  test('takes over the lock of a start that was killed', async () => {
    const killed = spawn(process.execPath, ['--version'])
    await once(killed, 'exit')
    mkdirSync(join(root, '.chorus'))
    writeFileSync(join(root, '.chorus/setup.lock'), String(killed.pid))
    expect((await setup()).code).toBe(0)
    expect(existsSync(join(root, '.chorus/setup.lock'))).toBe(false)
  })

  test('hands over the arguments and keeps the exit code', async () => {
    script('console.log(process.argv.slice(2).join(" ")); process.exitCode = 7')
    expect(await setup({}, 'one', '--two')).toMatchObject({ code: 7, output: 'one --two\n' })
  })

  test('ends the script when whoever started it is gone, as npm is after a SIGTERM', async () => {
    script(
      'process.on("SIGTERM", () => { console.log("ended in order"); process.exit() }); setInterval(() => {}, 1e6); console.log("up")',
    )
    const shell = spawn('sh', ['-c', `"${process.execPath}" scripts/setup.mjs scripts/script.ts; true`], {
      cwd: root,
      env: { ...process.env, npm_execpath: join(root, 'npm.js') },
    })
    const output = text(shell.stdout)
    await once(shell.stdout, 'data')
    shell.kill('SIGKILL')
    // The pipe ends when the last of them has closed it.
    expect(await output).toBe('up\nended in order\n')
  })

  test('says what is wrong when the script is not there', async () => {
    rmSync(join(root, 'scripts/script.ts'))
    const { code, errors } = await setup()
    expect(code).toBe(1)
    expect(errors).toContain('✗ scripts/script.ts does not exist.')
  })
})

describe('the lockfile', () => {
  test('holds the packages of every platform: `npm ci` refuses one that lacks some', () => {
    const file = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')
    const packages: Record<string, { optionalDependencies?: Record<string, string> }> =
      JSON.parse(file).packages
    const locked = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/'))))
    const optional = Object.values(packages).flatMap((one) => Object.keys(one.optionalDependencies ?? {}))
    expect(optional.filter((name) => !locked.has(`node_modules/${name}`))).toEqual([])
  })
})

function lock(version: string): void {
  const packages = {
    '': {},
    'node_modules/a': { version },
    'node_modules/other-system': { version, optional: true },
  }
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
}

function script(source: string): void {
  writeFileSync(join(root, 'scripts/script.ts'), source)
}

function calls(): string[] {
  const file = join(root, 'npm-calls.txt')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

async function setup(environment: NodeJS.ProcessEnv = {}, ...args: string[]) {
  const child = spawn(process.execPath, ['scripts/setup.mjs', 'scripts/script.ts', ...args], {
    cwd: root,
    env: { ...process.env, npm_execpath: join(root, 'npm.js'), ...environment },
  })
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)])
  return { code, output, errors }
}

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: string[] = []
  stream.setEncoding('utf8')
  for await (const chunk of stream) chunks.push(String(chunk))
  return chunks.join('')
}

async function ended(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'exit')
  return code
}
