const days7 = String(7 * 24 * 60 * 60 * 1000)

/** Kafka's own, for a topic that says nothing. */
const defaults = { 'cleanup.policy': 'delete', 'retention.ms': days7, 'segment.ms': days7 }

/**
 * The longest time in ms that a record can be read after it was stored, from a topic with these settings; `Infinity` without a limit. A
 * log is deleted in whole segments, each by the age of its youngest record: the oldest one stays for a segment's time longer.
 */
export function longestStay(settings: Readonly<Record<string, string | undefined>>): number {
  const setting = (name: keyof typeof defaults) => settings[name] ?? defaults[name]
  const policies = setting('cleanup.policy')
    .split(',')
    .map((policy) => policy.trim())
  const retention = Number(setting('retention.ms'))
  if (!policies.includes('delete') || retention < 0) return Number.POSITIVE_INFINITY
  return retention + Number(setting('segment.ms'))
}
