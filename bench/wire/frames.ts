/** How long the message is that begins here, its own length field included; undefined while that cannot be told yet. */
export type FrameLength = (buffered: Buffer) => number | undefined

/** Kafka: four bytes of length, big end first, which do not count themselves. */
export const kafkaFrame: FrameLength = (buffered) =>
  buffered.length < 4 ? undefined : 4 + buffered.readInt32BE(0)

/** MongoDB: four bytes of length, little end first, which count themselves. */
export const mongoFrame: FrameLength = (buffered) =>
  buffered.length < 4 ? undefined : buffered.readInt32LE(0)

/** Calls `take` with each whole message of a stream, however the stream is cut into chunks. */
export function framer(lengthOf: FrameLength, take: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (
      let length = lengthOf(rest);
      length !== undefined && length <= rest.length;
      length = lengthOf(rest)
    ) {
      take(rest.subarray(0, length))
      rest = rest.subarray(length)
    }
  }
}
