import { execFile } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Problem } from '../../../infra/problem.ts'
import type { Ground } from '../ground.ts'

const run = promisify(execFile)

/** Where Debian's package puts it. */
const binaries = '/usr/lib/postgresql/15/bin'

/** Name and version of the server that is there. Rejects with a `Problem` when there is none. */
export async function postgresVersion(): Promise<string> {
  if (!existsSync(join(binaries, 'postgres')))
    throw new Problem('DBOS needs PostgreSQL 15.', {
      why: `there is none in ${binaries}`,
      fix: 'apt-get install postgresql-15',
    })
  const { stdout } = await run(join(binaries, 'postgres'), ['--version'])
  return `PostgreSQL ${/\d[\d.]*/.exec(stdout)?.[0]}`
}

/** A private cluster with empty data, and how to remove them. PostgreSQL refuses to run as root: then it runs as the user that its package made. */
export async function startPostgres(
  ground: Ground,
): Promise<{ readonly url: string; readonly remove: () => void }> {
  // The folder of the run may be closed to that user.
  const folder = mkdtempSync(join(tmpdir(), 'chorus-postgres-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  try {
    const asUser = await unprivileged(folder)
    const data = join(folder, 'data')
    const [initdb = '', ...initdbArgs] = [...asUser, join(binaries, 'initdb')]
    const cluster = ['-D', data, '-U', 'chorus', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync']
    await run(initdb, [...initdbArgs, ...cluster], { cwd: folder })
    const port = ground.freePort()
    const [command = '', ...args] = [...asUser, join(binaries, 'postgres')]
    await ground.start({
      name: 'postgres',
      command,
      args: [...args, '-D', data, '-k', folder, ...settings(port)],
      cwd: folder,
      forks: true,
      ready: async () =>
        void (await run(join(binaries, 'pg_isready'), [
          '-h',
          '127.0.0.1',
          '-p',
          String(port),
          '-U',
          'chorus',
        ])),
    })
    return { url: `postgresql://chorus@127.0.0.1:${port}/postgres`, remove }
  } catch (error) {
    remove()
    throw error
  }
}

/** The words that go before a command. */
async function unprivileged(folder: string): Promise<string[]> {
  if (process.getuid?.() !== 0) return []
  const { stdout } = await run('id', ['-u', 'postgres'])
  chownSync(folder, Number(stdout), -1)
  return ['/usr/bin/setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups']
}

/** `fsync` is off: what a commit wrote is in the system's hands, as in Kafka, and survives a killed server. */
function settings(port: number): string[] {
  const wanted = {
    listen_addresses: '127.0.0.1',
    port,
    max_connections: 200,
    shared_buffers: '512MB',
    fsync: 'off',
    full_page_writes: 'off',
    wal_level: 'minimal',
    max_wal_senders: 0,
    wal_buffers: '16MB',
    max_wal_size: '8GB',
    checkpoint_timeout: '30min',
    jit: 'off',
    // Tables that were empty a moment ago need their statistics soon.
    autovacuum_naptime: '5s',
  }
  return Object.entries(wanted).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
