import type { EventContract, Topic } from '#contracts'
import { exampleOf } from './example.ts'

/** Who says and who hears a type of event. */
export type Roles = { readonly producers: readonly string[]; readonly consumers: readonly string[] }

export type Described = {
  readonly events: readonly EventContract[]
  readonly topics: readonly Topic[]
  readonly rolesOf: (type: string) => Roles
}

/** Everything that may be said as an AsyncAPI 3 document: a channel per topic, a message per event, an operation per service and topic. */
export function asyncApiOf({ events, topics, rolesOf }: Described): object {
  const byTopic = Map.groupBy(events, ({ topic }) => topic)
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Chorus',
      version: '1.0.0',
      description: 'Who says what to whom. The key of every message is the id of its saga.',
    },
    defaultContentType: 'application/vnd.confluent.avro',
    channels: Object.fromEntries(
      [...byTopic].map(([topic, own]) => [
        topic,
        channel(
          topic,
          own,
          topics.find(({ name }) => name === topic),
        ),
      ]),
    ),
    operations: Object.fromEntries([...byTopic].flatMap(([topic, own]) => operations(topic, own, rolesOf))),
    components: { messages: Object.fromEntries(events.map((event) => [event.type, message(event)])) },
  }
}

function channel(address: string, events: readonly EventContract[], topic: Topic | undefined): object {
  return {
    address,
    messages: Object.fromEntries(events.map(({ type }) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: { kafka: { topic: address, ...(topic && settings(topic)), bindingVersion: '0.5.0' } },
  }
}

function settings({ partitions, settings }: Topic): object {
  const { 'cleanup.policy': policy, 'retention.ms': retention } = settings
  const topicConfiguration = {
    ...(policy !== undefined && { 'cleanup.policy': policy.split(',') }),
    ...(retention !== undefined && { 'retention.ms': Number(retention) }),
  }
  return { partitions, topicConfiguration }
}

/** What each service sends to the topic, and what it receives from it. */
function operations(
  topic: string,
  events: readonly EventContract[],
  rolesOf: Described['rolesOf'],
): [string, object][] {
  const told = events.flatMap(({ type }) => {
    const { producers, consumers } = rolesOf(type)
    return [
      ...producers.map((service) => ({ service, action: 'send', type })),
      ...consumers.map((service) => ({ service, action: 'receive', type })),
    ]
  })
  return [...Map.groupBy(told, ({ service, action }) => `${service} ${action}`).values()].flatMap((own) => {
    const [first] = own
    if (!first) return []
    const { service, action } = first
    const place = `#/channels/${topic}`
    const messages = own.map(({ type }) => ({ $ref: `${place}/messages/${type}` }))
    const operation = { action, channel: { $ref: place }, tags: [{ name: service }], messages }
    return [[`${service}.${action}.${topic}`, operation]]
  })
}

/** Avro in Confluent's wire format, the CloudEvents attributes as headers. */
function message({ type, schema }: EventContract): object {
  return {
    name: type,
    summary: schema.doc,
    payload: { schemaFormat: 'application/vnd.apache.avro;version=1.12.0', schema },
    headers: cloudEvent,
    bindings: {
      kafka: {
        key: { type: 'string', description: 'The saga.' },
        schemaIdLocation: 'payload',
        schemaIdPayloadEncoding: 'confluent',
        bindingVersion: '0.5.0',
      },
    },
    examples: [{ name: type, payload: exampleOf(schema) }],
  }
}

const text = (description: string) => ({ type: 'string', description })

const cloudEvent = {
  type: 'object',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: text('Tells repeated messages from new ones.'),
    ce_type: text('The event.'),
    ce_source: text('Who said it.'),
    ce_subject: text('The saga, equal to the key.'),
    ce_time: { ...text('When it was said.'), format: 'date-time' },
    ce_causationid: text('What caused it.'),
    ce_by: text('Who has it said by hand.'),
    ce_reason: text('Why that person has it said.'),
    traceparent: text('W3C trace context.'),
  },
}
