import { context, propagation, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { AlwaysOffSampler, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace'
import { createLogger } from './logger.ts'
import { resourceOf, type ServiceIdentity } from './resource.ts'
import { sharedAttributes } from './shared-attributes.ts'
import { batchedExport } from './span-export.ts'
import { createSpanLoss } from './span-loss.ts'

const EXPORT_TIMEOUT_MS = 5_000
const SHUTDOWN_LIMIT_MS = 3_000
/** A bound for what an error message or an input can add to a span. */
const ATTRIBUTE_LENGTH_LIMIT = 4_096

export type TracingOptions = ServiceIdentity & {
  /** Base URL of an OTLP/HTTP receiver, e.g. `http://127.0.0.1:4318`. Default: `OTEL_EXPORTER_OTLP_ENDPOINT`; empty: none. */
  readonly endpoint?: string
}

export type Tracing = {
  /** Sends what is left and ends tracing, within 3 s; what could not be sent by then is logged as lost. Never rejects. */
  shutdown(): Promise<void>
}

let current: Tracing | undefined

/**
 * Starts tracing for this process: spans, an active context that survives `await`, W3C headers on HTTP. Without an endpoint
 * nothing is recorded, yet trace ids are made and handed on (unsampled), so that logs can be correlated. Throws when
 * tracing has been started already.
 */
export function startTracing(options: TracingOptions): Tracing {
  if (current) throw new Error('Tracing is already started, by register.mjs or by an earlier startTracing().')
  const endpoint = options.endpoint ?? process.env.OTEL_EXPORTER_OTLP_ENDPOINT
  const { provider, stop } = endpoint ? exporting(options, endpoint) : propagating()
  trace.setGlobalTracerProvider(provider)
  context.setGlobalContextManager(new AsyncLocalStorageContextManager())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())

  let stopped: Promise<void> | undefined
  current = {
    shutdown() {
      stopped ??= stop().then(forget)
      return stopped
    },
  }
  return current
}

/** Shuts down what `startTracing` (or register.mjs) started; nothing to do when nothing was. The last act of an orderly stop. */
export async function shutdownTracing(): Promise<void> {
  await current?.shutdown()
}

function forget(): void {
  current = undefined
  trace.disable()
  context.disable()
  propagation.disable()
}

function propagating() {
  const sampler = new ParentBasedSampler({ root: new AlwaysOffSampler() })
  return { provider: new TracerProvider({ sampler }), stop: async () => {} }
}

function exporting(options: TracingOptions, endpoint: string) {
  const loss = createSpanLoss(createLogger({ service: options.service }))
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS })
  const spans = batchedExport(exporter, loss.add)
  const provider = new TracerProvider({
    resource: resourceOf(options),
    spanProcessors: [sharedAttributes, spans],
    spanLimits: { attributeValueLengthLimit: ATTRIBUTE_LENGTH_LIMIT },
  })
  async function stop(): Promise<void> {
    // A failed last export was counted as lost already.
    await within(
      SHUTDOWN_LIMIT_MS,
      provider.shutdown().catch(() => {}),
    )
    if (spans.waiting > 0) loss.add(spans.waiting, `not sent within ${SHUTDOWN_LIMIT_MS} ms of the stop`)
    loss.close()
  }
  return { provider, stop }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, limit])
  clearTimeout(timer)
}
