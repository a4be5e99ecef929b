import { startOtlpEndpoint } from './otlp-endpoint.ts'
import { traceAcceptance } from './trace-acceptance.ts'

traceAcceptance('the services export it', async () => {
  const { url, spans, close } = await startOtlpEndpoint()
  return { url, close, trace: async (traceId) => spans().filter((span) => span.traceId === traceId) }
})
