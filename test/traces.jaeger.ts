import { readJaegerTrace } from './jaeger-query.ts'
import { traceAcceptance } from './trace-acceptance.ts'

/** Run by `npm run test:jaeger`, which brings a Jaeger up first. */
traceAcceptance('Jaeger', async () => {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: url, JAEGER_URL: queryUrl } = process.env
  if (!url || !queryUrl) throw new Error('no Jaeger is there: run this through `npm run test:jaeger`')
  return { url, trace: (traceId) => readJaegerTrace(queryUrl, traceId), close: async () => {} }
})
