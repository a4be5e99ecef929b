/**
 * `node --import ./observability/register.mjs services/<name>/main.ts` traces and measures a service without a line of code for it
 * in the service: incoming and outgoing HTTP get their spans, and tracing and metrics start under `OTEL_SERVICE_NAME` (default: the
 * folder of the main file).
 */
import { register } from 'node:module'
import { basename, dirname } from 'node:path'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { startMetrics } from './metrics.ts'
import { isNoise } from './noise.ts'
import { startTracing } from './tracing.ts'

// Only what gets patched goes through the hook; everything else, our own modules first of all, loads untouched.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, {
  data: { include: ['express', 'http', 'https', 'node:http', 'node:https'] },
})

const service = process.env.OTEL_SERVICE_NAME || basename(dirname(process.argv[1] ?? 'node/'))

// Before the instrumentations, which measure where they are told to at first.
startMetrics({ service })

registerInstrumentations({
  instrumentations: [
    new HttpInstrumentation({ ignoreIncomingRequestHook: isNoise, requireParentforOutgoingSpans: true }),
    // Express tells the server span its route; a span per middleware would only bury the trace.
    new ExpressInstrumentation({ ignoreLayersType: ['middleware', 'router', 'request_handler'] }),
    // A call outside of any span is a poll of some kind, not part of a saga.
    new UndiciInstrumentation({ requireParentforSpans: true }),
  ],
})

startTracing({ service })
