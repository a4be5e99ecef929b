import {
  type Context,
  context,
  type Span as OtelSpan,
  type SpanOptions as OtelSpanOptions,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { telemetryNames } from './names.ts'
import { withShared } from './shared-attributes.ts'
import { formatTraceContext, parseTraceContext, type TraceContext } from './trace-context.ts'

/** What a span says about its work. `undefined` values are left out. */
export type Attributes = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

/** One piece of work in a trace. It is exported when it ends, so every span must be ended, once. */
export type Span = {
  /** What to put into a header or a journal row, so that later work becomes this span's child. Empty before `startTracing`. */
  readonly context: TraceContext
  set(attributes: Attributes): void
  /** Leads to other work that this belongs with; an unreadable context is left out. */
  link(other: TraceContext): void
  /** Marks the work as failed: status, `error.type` (the error's `code`, else its name) and the exception. Does not end the span. */
  fail(error: unknown): void
  /** `at` in epoch milliseconds; default now. */
  end(at?: number): void
  /** Makes this the active span for `work`, and for all that `work` awaits or schedules. Neither ends nor fails the span. */
  run<T>(work: () => T): T
}

export type SpanOptions = {
  /** From `telemetryNames.spans`: few different names, no ids in them. */
  readonly name: string
  readonly kind: keyof typeof kinds
  /** The context to be a child of; an empty or unreadable one starts a new trace. Default: the active span. */
  readonly parent?: TraceContext
  /** Other work that this span comes from; unreadable contexts are left out. */
  readonly links?: readonly TraceContext[]
  readonly attributes?: Attributes
  /** Attributes of this span and of every span that its `run` makes active code begin, those of instrumentations too. */
  readonly shared?: Attributes
  /** Epoch milliseconds; default now. */
  readonly startTime?: number
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const

/** Starts a span. Before `startTracing` nothing is recorded, and the span's context is its parent's. Never throws. */
export function startSpan({ name, kind, parent, links, attributes, shared, startTime }: SpanOptions): Span {
  const within = parent ? contextOf(parent) : context.active()
  const parentContext = shared ? withShared(within, shared) : within
  const options: OtelSpanOptions = { kind: kinds[kind] }
  if (attributes) options.attributes = attributes
  if (links) options.links = links.flatMap(linkTo)
  if (startTime !== undefined) options.startTime = startTime
  return new ThinSpan(trace.getTracer('chorus').startSpan(name, options, parentContext), parentContext)
}

/** Says more about the span whose `run` (or instrumented request) this code runs in; nothing outside of any. */
export function describeActiveSpan(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes)
}

/** The context of the span whose `run` (or instrumented request) this code runs in; empty outside of any. */
export function activeTraceContext(): TraceContext {
  return formatTraceContext(trace.getActiveSpan()?.spanContext())
}

/** A class, since it is made for every message: one object and no closures. */
class ThinSpan implements Span {
  readonly #span: OtelSpan
  readonly #parent: Context

  constructor(span: OtelSpan, parent: Context) {
    this.#span = span
    this.#parent = parent
  }

  get context(): TraceContext {
    return formatTraceContext(this.#span.spanContext())
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes)
  }

  link(other: TraceContext): void {
    this.#span.addLinks(linkTo(other))
  }

  fail(error: unknown): void {
    const exception = error instanceof Error ? error : new Error(String(error))
    this.#span.setAttribute(telemetryNames.attributes.errorType, errorType(error))
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: exception.message })
    this.#span.recordException(exception)
  }

  end(at?: number): void {
    this.#span.end(at)
  }

  run<T>(work: () => T): T {
    return context.with(trace.setSpan(this.#parent, this.#span), work)
  }
}

function contextOf(parent: TraceContext): Context {
  const spanContext = parseTraceContext(parent)
  return spanContext ? trace.setSpanContext(ROOT_CONTEXT, spanContext) : ROOT_CONTEXT
}

function linkTo(traceContext: TraceContext) {
  const spanContext = parseTraceContext(traceContext)
  return spanContext ? [{ context: spanContext }] : []
}

/** What `error.type` says of an error: its `code`, else its name. Few different values. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'Error'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
