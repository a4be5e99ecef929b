export {
  counter,
  gauge,
  histogram,
  type Observation,
  observe,
  oncePer,
  secondsSince,
} from './instruments.ts'
export { createLogger, type LogFields, type Logger, traceFields } from './logger.ts'
export { answerWithMetrics, type Metrics, startMetrics } from './metrics.ts'
export { telemetryNames } from './names.ts'
export { type IncomingRequest, ignoreRequests } from './noise.ts'
export {
  type Attributes,
  activeTraceContext,
  describeActiveSpan,
  errorType,
  type Span,
  type SpanOptions,
  startSpan,
} from './span.ts'
export { isSameTrace, type TraceContext } from './trace-context.ts'
export { shutdownTracing, startTracing, type Tracing, type TracingOptions } from './tracing.ts'
