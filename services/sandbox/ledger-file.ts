import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A file to which lines are only ever added. */
export type LedgerFile = {
  /** Resolves when the line has reached the disk. After one failed write every later one fails too: the file's end is unknown. */
  append(line: string): Promise<void>
  close(): Promise<void>
}

const newline = 10

/**
 * Opens the file, creates it when it is missing, and hands every whole line in it to `onLine`. A last line without its newline is
 * what a crash left of a write that nobody was told about: it is cut off.
 */
export async function openLedgerFile(path: string, onLine: (line: string) => void): Promise<LedgerFile> {
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a+')
  let whole = 0
  let rest = Buffer.alloc(0)
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    const bytes = Buffer.concat([rest, chunk])
    const end = bytes.lastIndexOf(newline) + 1
    rest = bytes.subarray(end)
    whole += end
    const lines = bytes.toString('utf8', 0, end).split('\n')
    for (const line of lines) if (line !== '') onLine(line)
  }
  await file.truncate(whole)

  type Waiting = { line: string; resolve: () => void; reject: (error: unknown) => void }
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let broken: unknown

  /** One write and one sync for all lines that came in meanwhile. */
  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      try {
        if (broken) throw broken
        await file.appendFile(group.map(({ line }) => `${line}\n`).join(''))
        await file.datasync()
        for (const { resolve } of group) resolve()
      } catch (error) {
        broken = error
        for (const { reject } of group) reject(error)
      }
    }
    writing = undefined
  }

  return {
    append(line) {
      return new Promise((resolve, reject) => {
        waiting.push({ line, resolve, reject })
        writing ??= writeAll()
      })
    },
    async close() {
      await writing
      await file.close()
    },
  }
}
