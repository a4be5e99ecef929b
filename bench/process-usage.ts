import { readdirSync, readFileSync } from 'node:fs'

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

/** The same of a process, its children that run, and those that have ended. Memory that they share counts for each of them. */
export function familyUsageOf(pid: number): Usage {
  const usages = [pid, ...childrenOf(pid)].flatMap((one) => {
    try {
      return usageOf(one)
    } catch (error) {
      // A child may end at any moment.
      if (one === pid) throw error
      return []
    }
  })
  return {
    cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, endedChildrenMsIn(statOf(pid))),
    rss: usages.reduce((sum, { rss }) => sum + rss, 0),
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((one) => parentIn(statOf(one)) === pid)
}

/** Empty when there is no such process any more. */
function statOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return ''
  }
}

/** The 4th field. */
function parentIn(stat: string): number {
  return Number(fieldsOf(stat)[1])
}

/** `cutime` and `cstime`, the 16th and 17th field: of children that have ended and were waited for. */
function endedChildrenMsIn(stat: string): number {
  const fields = fieldsOf(stat)
  return ((Number(fields[13]) + Number(fields[14])) * 1_000) / ticksPerSecond
}

/** Those after the name, which stands in parentheses and may hold blanks and parentheses itself: the first is the 3rd field. */
function fieldsOf(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** `utime` and `stime`, the 14th and 15th field. */
export function cpuMsIn(stat: string): number {
  const fields = fieldsOf(stat)
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
