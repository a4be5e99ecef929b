/** What the patch needs to know of kafkajs' encoder. */
type Encoder = { buf: Buffer; offset: number; ensureAvailable(length: number): void }
type EncoderClass = { new (size?: number): Encoder; nextPowerOfTwo(size: number): number; prototype: Encoder }

const encoderModule = 'kafkajs/src/protocol/encoder.js'
/** As kafkajs has it. */
const usualSize = 511

/**
 * kafkajs 2.2.4 makes a zero-filled buffer, outside of Node's pool, for every header, record and partition that it encodes: a fetch of
 * 48 partitions makes more than a hundred. Only what was written is ever sent, so buffers of the pool will do. Must be called before
 * the rest of kafkajs is loaded, which keeps the class that it finds.
 */
export function poolEncoderBuffers(require: NodeJS.Require): void {
  const Original = require(encoderModule) as EncoderClass
  const { prototype, nextPowerOfTwo } = Original

  function Pooled(this: Encoder, size = usualSize): void {
    this.buf = Buffer.allocUnsafe(nextPowerOfTwo(size))
    this.offset = 0
  }
  prototype.ensureAvailable = function (length) {
    if (this.offset + length <= this.buf.length) return
    const larger = Buffer.allocUnsafe(nextPowerOfTwo(this.offset + length))
    this.buf.copy(larger, 0, 0, this.offset)
    this.buf = larger
  }
  const patched = Object.assign(Object.setPrototypeOf(Pooled, Original), { prototype })
  const loaded = require.cache[require.resolve(encoderModule)]
  if (loaded) loaded.exports = patched
}
