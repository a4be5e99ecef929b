import { performance } from 'node:perf_hooks'
import { observe } from './instruments.ts'
import { telemetryNames } from './names.ts'

const { attributes, metrics } = telemetryNames

/** What every process tells of itself: CPU, memory, and how busy its event loop is. */
export function observeProcess(): void {
  let last = performance.eventLoopUtilization()
  observe(metrics.processCpuTime, () => {
    const { user, system } = process.cpuUsage()
    return [
      { value: user / 1e6, attributes: { [attributes.cpuMode]: 'user' } },
      { value: system / 1e6, attributes: { [attributes.cpuMode]: 'system' } },
    ]
  })
  observe(metrics.processMemory, () => [{ value: process.memoryUsage.rss() }])
  observe(metrics.eventLoopUtilization, () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, last)
    last = now
    return [{ value: utilization }]
  })
}
