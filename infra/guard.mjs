/**
 * Runs the servers for a starter and outlives it by as long as it takes to stop them: when the channel to the
 * starter closes, for whatever reason (kill -9 too), every server is stopped. Plain JavaScript, so that it
 * starts at once. Messages are described in `guard.ts`.
 */
import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'

const KILL_AFTER_MS = 30_000

/** @type {Map<string, { child: import('node:child_process').ChildProcess, gone: Promise<void> }>} */
const servers = new Map()

process.on('message', (message) => {
  if (message.start) start(message.start)
  else if (message.stop) void stop(message.stop)
  else if (message.release) process.exit(0)
})
process.on('disconnect', stopAll)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stopAll)

function start({ name, command, args, cwd, env, log }) {
  const output = openSync(log, 'a')
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', output, output] })
  const gone = new Promise((resolve) => {
    child.once('error', (error) => resolve(tell({ name, failed: error.message })))
    child.once('exit', (code, signal) => resolve(tell({ name, exited: signal ?? `code ${code}` })))
  })
  child.once('spawn', () => tell({ name, pid: child.pid }))
  servers.set(name, { child, gone })
}

async function stop(name) {
  const { child, gone } = servers.get(name)
  signalGroup(child, 'SIGTERM')
  const late = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS)
  await gone
  clearTimeout(late)
  signalGroup(child, 'SIGKILL') // whatever it left behind in its group
}

async function stopAll() {
  await Promise.all([...servers.keys()].map(stop))
  process.exit(0)
}

function signalGroup({ pid }, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal)
  } catch {
    // gone already
  }
}

function tell(message) {
  if (process.connected) process.send(message, () => {})
}
