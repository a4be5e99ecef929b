import { execFileSync } from 'node:child_process'
import { expect, test } from '@jest/globals'
import { busyMsIn, cpuMsIn, familyUsageOf, rssIn, usageOf } from './process-usage.ts'

test('the CPU time of a process is user and system time, whatever its name is', () => {
  const stat = '42 (a ) (b) S 1 42 42 0 -1 4194560 1500 0 3 0 120 34 5 6 20 0 11 0 900 1000 200 …'
  expect(cpuMsIn(stat)).toBe(1_540)
})

test('a line that is no stat of a process is refused', () => {
  expect(() => cpuMsIn('42 (node) S')).toThrow('no CPU times')
})

test('the memory of a process is what is resident', () => {
  expect(rssIn('Name:\tnode\nVmHWM:\t  4096 kB\nVmRSS:\t  2048 kB\n')).toBe(2_048 * 1_024)
})

test('a machine is not busy while it is idle, waits for a disk, or is not given its cores', () => {
  expect(busyMsIn('cpu  10 20 30 9999 8888 1 2 7777 0 0\ncpu0 1 1 1 1\n')).toBe(630)
})

test('this process uses CPU and memory', () => {
  const before = usageOf(process.pid)
  for (const end = performance.now() + 50; performance.now() < end; );
  const after = usageOf(process.pid)
  expect(after.cpuMs).toBeGreaterThan(before.cpuMs)
  expect(after.rss).toBeGreaterThan(1_000_000)
})

test('what children have used belongs to their family, also when they have ended', () => {
  const before = familyUsageOf(process.pid)
  const own = usageOf(process.pid).cpuMs
  const busy = 'for (const end = performance.now() + 200; performance.now() < end; );'
  execFileSync(process.execPath, ['-e', busy])
  const byItself = usageOf(process.pid).cpuMs - own
  expect(familyUsageOf(process.pid).cpuMs - before.cpuMs).toBeGreaterThan(byItself + 100)
})
