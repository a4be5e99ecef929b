/**
 * The partition of a key: murmur2 over its UTF-8 bytes, as Java's producer and kafkajs do by default. Both brokers use this
 * one, so a key lies in the same partition whatever wrote it.
 */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions
}

const SEED = 0x9747b28c
const M = 0x5bd1e995

/** Austin Appleby's MurmurHash2 with the seed that Kafka fixed; the result is a signed 32-bit integer. */
export function murmur2(bytes: Buffer): number {
  let hash = SEED ^ bytes.length
  let at = 0
  for (; bytes.length - at >= 4; at += 4) {
    const block = Math.imul(bytes.readInt32LE(at), M)
    hash = Math.imul(hash, M) ^ Math.imul(block ^ (block >>> 24), M)
  }
  if (at < bytes.length) {
    hash ^= bytes.readUIntLE(at, bytes.length - at)
    hash = Math.imul(hash, M)
  }
  hash = Math.imul(hash ^ (hash >>> 13), M)
  return hash ^ (hash >>> 15)
}
