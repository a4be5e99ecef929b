import { isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api'
import {
  type DestinationStream,
  destination,
  type Logger as PinoLogger,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino'
import { prettyFactory } from 'pino-pretty'
import { parseTraceContext, type TraceContext } from './trace-context.ts'

/** What belongs to a line besides its message. An `error` is written with its type, stack and causes. */
export type LogFields = Readonly<Record<string, unknown>>

/** Writes one line per call, at once; a line inside a span carries its `trace_id` and `span_id`. Never throws. */
export type Logger = {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger whose every line carries these fields too. */
  child(fields: LogFields): Logger
}

/**
 * A logger to stdout: JSON lines, or readable text on a terminal. `level` is `debug`, `info`, `warn`, `error` or `silent`;
 * default `LOG_LEVEL`, else `info`.
 */
export function createLogger(options: { service: string; level?: string }): Logger {
  const level = options.level ?? (process.env.LOG_LEVEL || 'info')
  return wrap(
    pino(
      {
        level,
        base: { service: options.service },
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { error: stdSerializers.err },
        mixin: activeSpanIds,
      },
      stdout(),
    ),
  )
}

function wrap(log: PinoLogger): Logger {
  return {
    debug: (message, fields) => log.debug(fields, message),
    info: (message, fields) => log.info(fields, message),
    warn: (message, fields) => log.warn(fields, message),
    error: (message, fields) => log.error(fields, message),
    child: (fields) => wrap(log.child(fields)),
  }
}

/** The ids of a context, for a line that is written outside of the span that it belongs to. Nothing for an empty context. */
export function traceFields(context: TraceContext): LogFields {
  return idsOf(parseTraceContext(context))
}

/** Written synchronously, so that the last line before an exit, the one that says why, is never lost. */
function stdout(): DestinationStream {
  const out = destination({ dest: 1, sync: true })
  if (!process.stdout.isTTY) return out
  const format = prettyFactory({
    colorize: true,
    singleLine: true,
    translateTime: 'SYS:HH:MM:ss.l',
    messageFormat: '{service}: {msg}',
    ignore: 'service,trace_id,span_id',
    errorLikeObjectKeys: ['error'],
  })
  return { write: (line) => out.write(format(line)) }
}

function activeSpanIds(): object {
  return idsOf(trace.getActiveSpan()?.spanContext())
}

function idsOf(spanContext: SpanContext | undefined): LogFields {
  if (!spanContext || !isSpanContextValid(spanContext)) return {}
  return { trace_id: spanContext.traceId, span_id: spanContext.spanId }
}
