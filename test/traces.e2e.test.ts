import { metricsAcceptance } from './metrics-acceptance.ts'
import { startOtlpEndpoint } from './otlp-endpoint.ts'
import { traceAcceptance } from './trace-acceptance.ts'

async function startReceiver() {
  const { url, spans, close } = await startOtlpEndpoint()
  return { url, close, trace: async (traceId: string) => spans().filter((span) => span.traceId === traceId) }
}

traceAcceptance('the services export it', startReceiver, metricsAcceptance)
