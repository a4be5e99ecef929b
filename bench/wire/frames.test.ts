import { expect, test } from '@jest/globals'
import { framer, kafkaFrame, mongoFrame } from './frames.ts'

function kafka(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(text.length)
  return Buffer.concat([length, Buffer.from(text)])
}

function mongo(text: string): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32LE(text.length + 4)
  return Buffer.concat([length, Buffer.from(text)])
}

test.each([
  ['Kafka', kafkaFrame, kafka],
  ['MongoDB', mongoFrame, mongo],
] as const)('messages of %s are found however their stream is cut', (_, lengthOf, frame) => {
  const messages = ['first', '', 'the third one'].map(frame)
  const stream = Buffer.concat(messages)
  for (let size = 1; size <= stream.length; size++) {
    const found: Buffer[] = []
    const take = framer(lengthOf, (message) => found.push(Buffer.from(message)))
    for (let at = 0; at < stream.length; at += size) take(stream.subarray(at, at + size))
    expect(found).toEqual(messages)
  }
})
