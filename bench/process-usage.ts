import { readFileSync } from 'node:fs'

/** What a process has used so far. */
export type Usage = {
  /** Milliseconds on a core, user and system together, of all its threads. */
  readonly cpuMs: number
  /** Bytes in memory now. */
  readonly rss: number
}

/** Clock ticks per second in `/proc`: a constant of Linux's interface to programs, whatever the kernel ticks. */
const ticksPerSecond = 100

/** Throws when there is no such process; Linux only. */
export function usageOf(pid: number): Usage {
  return {
    cpuMs: cpuMsIn(readFileSync(`/proc/${pid}/stat`, 'utf8')),
    rss: rssIn(readFileSync(`/proc/${pid}/status`, 'utf8')),
  }
}

/** `utime` and `stime` are the 14th and 15th field; the second one is the name in parentheses, which may hold blanks and parentheses itself. */
export function cpuMsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  if (!Number.isFinite(ticks)) throw new Error(`no CPU times in "${stat.trim()}"`)
  return (ticks * 1_000) / ticksPerSecond
}

export function rssIn(status: string): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
  if (kilobytes === undefined) throw new Error('no VmRSS in the status of a process')
  return Number(kilobytes) * 1_024
}

/** Milliseconds for which all cores of the machine together were busy since it started; idle, waiting for disks, and stolen time are not. */
export function machineBusyMs(): number {
  return busyMsIn(readFileSync('/proc/stat', 'utf8'))
}

export function busyMsIn(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '')
    .split(' ')
    .map(Number)
  return ((user + nice + system + irq + softirq) * 1_000) / ticksPerSecond
}
