import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import kafkajs from 'kafkajs'
import { registerCompression } from './compression.ts'

type Codec = {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}

describe.each([
  ['ZSTD', zstdCompressSync],
  ['GZIP', gzipSync],
] as const)('%s', (name, compress) => {
  function codec(): Codec {
    registerCompression()
    return kafkajs.CompressionCodecs[kafkajs.CompressionTypes[name]]()
  }

  test('reads what it wrote, smaller on the way', async () => {
    const batch = Buffer.from(
      JSON.stringify(Array.from({ length: 1_000 }, (_, i) => ({ i, type: 'Something' }))),
    )
    const compressed = await codec().compress({ buffer: batch })
    expect(compressed.length).toBeLessThan(batch.length / 4)
    expect(await codec().decompress(compressed)).toEqual(batch)
  })

  test('refuses a small batch that would unpack to more than 64 MB', async () => {
    const bomb = compress(Buffer.alloc(65 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(100_000)
    await expect(codec().decompress(bomb)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' })
  })
})
