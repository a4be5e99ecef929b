import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import type { ReceivedSpan } from './trace-edges.ts'

const tracesData = protobuf
  .parse(readFileSync(new URL('./otlp-trace.proto', import.meta.url), 'utf8'))
  .root.lookupType('TracesData')

/** The spans of one OTLP/HTTP protobuf request. Throws when the bytes are not one. */
export function decodeSpans(request: Uint8Array): readonly ReceivedSpan[] {
  const message = tracesData.toObject(tracesData.decode(request), {
    enums: String,
    longs: String,
    bytes: Buffer,
    defaults: true,
    arrays: true,
    oneofs: true,
  }) as TracesData
  return message.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(attributesOf(resource?.attributes ?? [])['service.name'])
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => received(span, service)))
  })
}

function received(span: WireSpan, service: string): ReceivedSpan {
  const parentSpanId = span.parentSpanId.toString('hex')
  return {
    traceId: span.traceId.toString('hex'),
    spanId: span.spanId.toString('hex'),
    ...(parentSpanId && { parentSpanId }),
    name: span.name,
    kind: span.kind,
    service,
    attributes: attributesOf(span.attributes),
    links: span.links.map(({ traceId, spanId }) => ({
      traceId: traceId.toString('hex'),
      spanId: spanId.toString('hex'),
    })),
    start: milliseconds(span.startTimeUnixNano),
    end: milliseconds(span.endTimeUnixNano),
    status: {
      code: span.status?.code ?? 'unset',
      ...(span.status?.message && { message: span.status.message }),
    },
  }
}

function attributesOf(pairs: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)]))
}

function plain(any: AnyValue): unknown {
  switch (any.value) {
    case 'arrayValue':
      return any.arrayValue.values.map(plain)
    case 'intValue':
      return Number(any.intValue)
    default:
      return any[any.value]
  }
}

function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000n) / 1_000
}

type TracesData = {
  resourceSpans: { resource: { attributes: KeyValue[] } | null; scopeSpans: { spans: WireSpan[] }[] }[]
}
type WireSpan = {
  traceId: Buffer
  spanId: Buffer
  parentSpanId: Buffer
  name: string
  kind: ReceivedSpan['kind']
  startTimeUnixNano: string
  endTimeUnixNano: string
  attributes: KeyValue[]
  links: { traceId: Buffer; spanId: Buffer }[]
  status: { code: ReceivedSpan['status']['code']; message: string } | null
}
type KeyValue = { key: string; value: AnyValue }
/** `value` names the one field that is set. */
type AnyValue = {
  value: 'stringValue' | 'boolValue' | 'intValue' | 'doubleValue' | 'arrayValue'
  stringValue: string
  boolValue: boolean
  intValue: string
  doubleValue: number
  arrayValue: { values: AnyValue[] }
}
