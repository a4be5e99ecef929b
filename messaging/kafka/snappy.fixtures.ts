import kafkajs from 'kafkajs'

const { CompressionCodecs, CompressionTypes } = kafkajs

/** Meanwhile kafkajs can pack batches with Snappy, as producers in other languages do. Nothing of ours reads it. */
export async function withSnappy<T>(work: () => Promise<T>): Promise<T> {
  const before = CompressionCodecs[CompressionTypes.Snappy]
  CompressionCodecs[CompressionTypes.Snappy] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => inBlocks(snappy(buffer)),
  })
  try {
    return await work()
  } finally {
    CompressionCodecs[CompressionTypes.Snappy] = before
  }
}

/** Literals only: valid, and no smaller. */
function snappy(bytes: Buffer): Buffer {
  const pieces = [varint(bytes.length)]
  for (let at = 0; at < bytes.length; at += 60_000) {
    const literal = bytes.subarray(at, at + 60_000)
    const tag = Buffer.from([61 << 2, 0, 0])
    tag.writeUInt16LE(literal.length - 1, 1)
    pieces.push(tag, literal)
  }
  return Buffer.concat(pieces)
}

/** The framing of Java's library, which Kafka expects. */
function inBlocks(block: Buffer): Buffer {
  const header = Buffer.from([0x82, ...Buffer.from('SNAPPY'), 0, 0, 0, 0, 1, 0, 0, 0, 1])
  const length = Buffer.alloc(4)
  length.writeInt32BE(block.length)
  return Buffer.concat([header, length, block])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 127; rest >>>= 7) bytes.push((rest & 127) | 128)
  return Buffer.from([...bytes, rest])
}
