import type { IncomingMessage, ServerResponse } from 'node:http'
import { metrics } from '@opentelemetry/api'
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus'
import { MeterProvider } from '@opentelemetry/sdk-metrics'
import { observeProcess } from './process-metrics.ts'
import { resourceOf, type ServiceIdentity } from './resource.ts'

export type Metrics = {
  /** Ends metrics; what was measured is gone, and instruments made meanwhile measure nothing any more. */
  shutdown(): Promise<void>
}

let reader: PrometheusExporter | undefined

/**
 * Starts metrics for this process: what instruments measure from now on, `answerWithMetrics` tells. Instruments that were made
 * earlier measure nothing. Throws when metrics have been started already.
 */
export function startMetrics(identity: ServiceIdentity): Metrics {
  if (reader) throw new Error('Metrics are already started, by register.mjs or by an earlier startMetrics().')
  reader = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true })
  const provider = new MeterProvider({ resource: resourceOf(identity), readers: [reader] })
  metrics.setGlobalMeterProvider(provider)
  observeProcess()
  return {
    async shutdown() {
      reader = undefined
      metrics.disable()
      await provider.shutdown()
    },
  }
}

/** Answers a request for `/metrics` in Prometheus' text format; 503 while metrics are not started. */
export function answerWithMetrics(request: IncomingMessage, response: ServerResponse): void {
  if (reader) reader.getMetricsRequestHandler(request, response)
  else response.writeHead(503, { 'content-type': 'text/plain' }).end('metrics are not started\n')
}
