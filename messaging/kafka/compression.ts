import { promisify } from 'node:util'
import { constants, gunzip, gzip, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import kafkajs from './kafkajs.ts'

/** A record batch that unpacks to more is refused instead of filling the memory. */
const MAX_BATCH_BYTES = 64 * 1024 * 1024

/** Level 1: on small JSON and Avro records the higher levels cost twice the time for a few per cent. */
const FASTEST = { [constants.ZSTD_c_compressionLevel]: 1 }

const zstd = {
  compress: async ({ buffer }: { buffer: Buffer }) =>
    zstdCompressSync(buffer, { params: FASTEST, chunkSize: chunkFor(buffer.length) }),
  decompress: async (buffer: Buffer) =>
    zstdDecompressSync(buffer, {
      maxOutputLength: MAX_BATCH_BYTES,
      chunkSize: chunkFor(6 * buffer.length),
    }),
}

/** As kafkajs' own, which believes every batch, however much it unpacks to. */
const boundedGzip = {
  compress: ({ buffer }: { buffer: Buffer }) => promisify(gzip)(buffer),
  decompress: (buffer: Buffer) => promisify(gunzip)(buffer, { maxOutputLength: MAX_BATCH_BYTES }),
}

/** kafkajs brings gzip only; Node itself has Zstandard. Every process registers it, to read what another one wrote. */
export function registerCompression(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => zstd
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.GZIP] = () => boundedGzip
}

/** Most of the time goes into allocating output: one piece of about the right size. */
function chunkFor(expectedBytes: number): number {
  return Math.min(Math.max(expectedBytes, 1_024), 1_048_576)
}
