/**
 * Makes a bare clone able to run, then hands over: `node scripts/setup.mjs scripts/start.ts [arguments]`.
 *
 * It finds Node 24 or newer (or fetches it into `.node/`), installs the dependencies when the lockfile
 * changed, and runs the script. Plain JavaScript without dependencies: nothing is installed yet, and the
 * Node that runs this file may be old (18 or newer).
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_NEEDED = 24
const STAMP = join('node_modules', '.chorus-installed')
const LOCK = join('.chorus', 'setup.lock')
const LOCK_LIMIT_MS = 10 * 60_000
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const QUIET = ['--no-fund', '--no-audit', '--loglevel=error', '--ignore-scripts']

try {
  await main(resolve(dirname(fileURLToPath(import.meta.url)), '..'), process.argv.slice(2))
} catch (error) {
  if (!error.told) throw error
  say(error.message)
  process.exit(1)
}

async function main(root, [script, ...rest]) {
  if (!script) fail('No script given.', 'setup.mjs runs another script.', 'npm start')
  const path = resolve(root, script)
  if (!existsSync(path)) fail(`${script} does not exist.`, 'The checkout is not complete.', 'git status')
  const node = await findNode(root)
  if (!isInstalled(root)) await alone(root, () => isInstalled(root) || install(root, node))
  handOver(node, path, rest)
}

/** The path of a Node that is new enough: this one, or the one in `.node/`, fetched when absent. */
async function findNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= NODE_NEEDED) return process.execPath
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const binary = join('bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const fetched = join(root, '.node', 'node_modules', name, binary)
  if (existsSync(fetched)) return fetched
  return alone(root, async () => {
    if (existsSync(fetched)) return fetched
    say(`Node ${NODE_NEEDED} is needed, this is ${process.version}: fetching ${name} into .node/ (once)`)
    const args = ['install', '--prefix', join(root, '.node'), `${name}@${NODE_NEEDED}`, ...QUIET]
    const done = await npm(process.execPath, args, root)
    if (done === 0 && existsSync(fetched)) return fetched
    fail(
      `Node ${NODE_NEEDED} could not be fetched.`,
      `This is Node ${process.version}, and npm could not install ${name} (no network, or no such platform).`,
      `install Node ${NODE_NEEDED} or newer from your package manager, and run this again`,
    )
  })
}

/**
 * True when node_modules is what package-lock.json asks for. The stamp answers at once; without it npm's own
 * record of its last finished install counts, so an `npm ci` by hand is not repeated.
 */
function isInstalled(root) {
  const stamp = stampOf(root)
  if (read(join(root, STAMP)) === stamp) return true
  const record = read(join(root, 'node_modules', '.package-lock.json'))
  if (
    !record ||
    !matches(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')), JSON.parse(record))
  )
    return false
  writeFileSync(join(root, STAMP), stamp)
  return true
}

function stampOf(root) {
  const lockfile = readFileSync(join(root, 'package-lock.json'))
  return `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}`
}

function matches(wanted, installed) {
  const kept = installed.packages ?? {}
  const asked = Object.entries(wanted.packages ?? {}).filter(([path]) => path !== '')
  return (
    asked.every(
      ([path, { version, optional }]) => kept[path]?.version === version || (optional && !kept[path]),
    ) && Object.keys(kept).every((path) => wanted.packages[path])
  )
}

async function install(root, node) {
  say('Installing the dependencies (npm ci)')
  const began = Date.now()
  const stamp = stampOf(root)
  rmSync(join(root, STAMP), { force: true })
  const code = await npm(node, ['ci', ...QUIET], root)
  if (code !== 0)
    fail(
      'The dependencies could not be installed.',
      `npm ci ended with ${code}, see above.`,
      'npm ci --ignore-scripts',
    )
  writeFileSync(join(root, STAMP), stamp)
  say(`Dependencies installed in ${((Date.now() - began) / 1000).toFixed(1)} s`)
}

/** Runs npm under the given Node where npm's own script is known; its output goes to stderr. */
function npm(node, args, root) {
  const cli = process.env.npm_execpath
  const [command, full] = cli?.endsWith('.js')
    ? [node, [cli, ...args]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', args]
  return new Promise((done) => {
    const child = spawn(command, full, {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: command.endsWith('.cmd'),
      env: pathWith(node),
    })
    child.once('error', (error) => {
      say(error.message)
      done(1)
    })
    const stop = (signal) => child.kill(signal)
    for (const signal of SIGNALS) process.on(signal, stop)
    child.once('exit', (code) => {
      for (const signal of SIGNALS) process.off(signal, stop)
      done(code ?? 1)
    })
  })
}

/** One starter at a time does the work; a lock whose owner is dead or unknown for long is taken over. */
async function alone(root, work) {
  const lock = join(root, LOCK)
  mkdirSync(dirname(lock), { recursive: true })
  const began = Date.now()
  let told = false
  while (!take(lock)) {
    if (!told) say(`Another start (pid ${read(lock) || 'unknown'}) is setting up, waiting for it`)
    told = true
    if (Date.now() - began > LOCK_LIMIT_MS)
      fail('Setting up takes too long elsewhere.', `Pid ${read(lock)} holds ${LOCK}.`, `rm ${LOCK}`)
    await new Promise((again) => setTimeout(again, 200))
  }
  try {
    return await work()
  } finally {
    rmSync(lock, { force: true })
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch {
    if (isAbandoned(lock)) rmSync(lock, { force: true })
    return false
  }
}

function isAbandoned(lock) {
  const pid = Number(read(lock))
  if (!pid) return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5_000
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

/** The script gets a process of its own, which shares our terminal, signals and end. */
function handOver(node, script, args) {
  const follow = ['--import', new URL('./follow-parent.mjs', import.meta.url).href]
  const child = spawn(node, [...follow, script, ...args], {
    env: pathWith(node),
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of SIGNALS) process.on(signal, () => pass(child, signal))
  endWithParent(child)
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

/** A SIGTERM to npm ends npm and its shell, and nobody tells us. */
function endWithParent(child) {
  const parent = process.ppid
  const look = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(look)
    child.kill('SIGTERM')
  }, 1_000)
}

/** A terminal sends Ctrl-C to the whole group, so the child has it already; twice would mean "at once". */
function pass(child, signal) {
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  child.kill(signal)
}

function pathWith(node) {
  const separator = process.platform === 'win32' ? ';' : ':'
  const here = dirname(node)
  const rest = (process.env.PATH ?? '').split(separator).filter((folder) => folder !== here)
  return { ...process.env, PATH: [here, ...rest].join(separator) }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function say(line) {
  process.stderr.write(`${line}\n`)
}

function fail(what, why, fix) {
  throw Object.assign(new Error(`✗ ${what}\n  Why: ${why}\n  Fix: ${fix}`), { told: true })
}
