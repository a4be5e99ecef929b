import { zstdCompressSync } from 'node:zlib'
import { expect, test } from '@jest/globals'
import kafkajs from 'kafkajs'
import { registerZstd } from './zstd.ts'

type Codec = {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}

function zstd(): Codec {
  registerZstd()
  return kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD]()
}

test('reads what it wrote, smaller on the way', async () => {
  const batch = Buffer.from(
    JSON.stringify(Array.from({ length: 1_000 }, (_, i) => ({ i, type: 'Something' }))),
  )
  const compressed = await zstd().compress({ buffer: batch })
  expect(compressed.length).toBeLessThan(batch.length / 4)
  expect(await zstd().decompress(compressed)).toEqual(batch)
})

test('refuses a small batch that would unpack to more than 64 MB', async () => {
  const bomb = zstdCompressSync(Buffer.alloc(65 * 1024 * 1024))
  expect(bomb.length).toBeLessThan(10_000)
  await expect(zstd().decompress(bomb)).rejects.toMatchObject({ code: 'ERR_BUFFER_TOO_LARGE' })
})
