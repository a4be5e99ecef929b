/**
 * `node --import ./observability/register.mjs services/<name>/main.ts` traces a service without a line of tracing code in it:
 * incoming and outgoing HTTP get their spans, and tracing starts under `OTEL_SERVICE_NAME` (default: the folder of the main file).
 */
import { register } from 'node:module'
import { basename, dirname } from 'node:path'
import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { ExpressInstrumentation } from '@opentelemetry/instrumentation-express'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { isNoise } from './noise.ts'
import { startTracing } from './tracing.ts'

// Only what gets patched goes through the hook; everything else, our own modules first of all, loads untouched.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, {
  data: { include: ['express', 'http', 'https', 'node:http', 'node:https'] },
})

registerInstrumentations({
  instrumentations: [
    new HttpInstrumentation({ ignoreIncomingRequestHook: isNoise, requireParentforOutgoingSpans: true }),
    // Express tells the server span its route; a span per middleware would only bury the trace.
    new ExpressInstrumentation({ ignoreLayersType: ['middleware', 'router', 'request_handler'] }),
    // A call outside of any span is a poll of some kind, not part of a saga.
    new UndiciInstrumentation({ requireParentforSpans: true }),
  ],
})

startTracing({ service: process.env.OTEL_SERVICE_NAME || basename(dirname(process.argv[1] ?? 'node/')) })
