import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** Who listens on a port. Both parts are missing when the process belongs to another user. */
export interface Holder {
  readonly pid?: number
  readonly command?: string
}

/** The process that listens on a TCP port of this machine, as far as we are allowed to see it. */
export function holderOf(port: number): Holder {
  return process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port)
}

const LISTENING = '0A'

function holderFromProc(port: number): Holder {
  const inodes = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)))
  if (inodes.size === 0) return {}
  for (const pid of readdirSync('/proc')) {
    if (/^\d+$/.test(pid) && holdsSocket(pid, inodes)) return { pid: Number(pid), ...commandOf(pid) }
  }
  return {}
}

function listeningInodes(table: string, port: number): string[] {
  const rows = attempt(() => readFileSync(table, 'latin1').trim().split('\n').slice(1)) ?? []
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(
      ([, local, , state]) => state === LISTENING && Number.parseInt(local?.split(':')[1] ?? '', 16) === port,
    )
    .map((fields) => `socket:[${fields[9]}]`)
}

function holdsSocket(pid: string, inodes: Set<string>): boolean {
  const folder = `/proc/${pid}/fd`
  const files = attempt(() => readdirSync(folder)) ?? []
  return files.some((file) => inodes.has(attempt(() => readlinkSync(`${folder}/${file}`)) ?? ''))
}

function commandOf(pid: string): { command?: string } {
  const command = attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8').trim())
  return command ? { command } : {}
}

/** lsof prints one field a line: `p` and the pid, `c` and the command. */
function holderFromLsof(port: number): Holder {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']
  const output = attempt(() =>
    execFileSync('lsof', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  const field = (letter: string) =>
    output
      ?.split('\n')
      .find((line) => line.startsWith(letter))
      ?.slice(1)
  const [pid, command] = [field('p'), field('c')]
  return { ...(pid && { pid: Number(pid) }), ...(command && { command }) }
}

/** The /proc tree changes under our feet, and other users' entries are closed to us. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
