import type { Broker } from '#messaging'

const day = 24 * 60 * 60 * 1000

/**
 * Milliseconds that a saga is kept beyond the time of its last record: for clocks that differ, for records that a broker deletes
 * late, and for what a process believes to know of a saga (`longestBelief` of lanes.ts).
 */
export const purgeMargin = day

/** `after`: milliseconds since a saga was last spoken of until it may be purged; `Infinity` for never. `remark`: what an operator should know. */
export type AgeBound = { readonly after: number; readonly remark?: string }

/**
 * Computed from what the topics promise to delete, for a record that is read again would begin its saga a second time. A wish may
 * lengthen it and never shorten it. A topic that says nothing keeps its records for ever.
 */
export function ageBound(topics: readonly string[], stays: ReadonlyMap<string, number>, wish = 0): AgeBound {
  const endless = topics.filter((topic) => !Number.isFinite(stays.get(topic) ?? Number.POSITIVE_INFINITY))
  if (endless.length > 0) {
    return {
      after: Number.POSITIVE_INFINITY,
      remark: `nothing is purged: ${endless.join(', ')} keeps records for ever, and each could begin its saga again; give it a retention.ms`,
    }
  }
  const longest = Math.max(...topics.map((topic) => stays.get(topic) ?? 0))
  const least = longest + purgeMargin
  if (wish >= least || wish === 0) return { after: Math.max(least, wish) }
  return {
    after: least,
    remark: `purging after ${wish} ms is refused, ${least} ms it is: a record can stay in its topic for ${longest} ms, and a day is added`,
  }
}

/** By topic, the longest time in ms that a record can stay in it. */
export async function longestStays(
  broker: Pick<Broker, 'admin'>,
  topics: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const admin = await broker.admin()
  try {
    return await admin.retention(topics)
  } finally {
    await admin.close()
  }
}
