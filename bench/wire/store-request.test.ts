import { expect, test } from '@jest/globals'
import { BSON } from 'mongodb'
import { storeRequest } from './store-request.ts'

const header = Buffer.alloc(16)
header.writeInt32LE(2013, 12)
const flags = Buffer.alloc(4)

function message(...sections: Uint8Array[]): Buffer {
  return Buffer.concat([header, flags, ...sections])
}

function body(document: object): Buffer {
  return Buffer.concat([Buffer.from([0]), BSON.serialize(document)])
}

function sequence(name: string, documents: readonly object[]): Buffer {
  const content = Buffer.concat([
    Buffer.from(`${name}\0`),
    ...documents.map((document) => BSON.serialize(document)),
  ])
  const size = Buffer.alloc(4)
  size.writeInt32LE(content.length + 4)
  return Buffer.concat([Buffer.from([1]), size, content])
}

test('documents are counted in the body of an insert', () => {
  const frame = message(body({ insert: 'journal', documents: [{ _id: 1 }, { _id: 2 }], $db: 'shop' }))
  expect(storeRequest(frame)).toEqual({ kind: 'insert', bytes: frame.length, documents: 2 })
})

test('documents are counted in a sequence behind the body', () => {
  const frame = message(
    body({ update: 'heads', $db: 'shop' }),
    sequence('updates', [
      { q: {}, u: {} },
      { q: { a: 1 }, u: {} },
      { q: {}, u: { b: 2 } },
    ]),
  )
  expect(storeRequest(frame)).toMatchObject({ kind: 'update', documents: 3 })
})

test('a command that writes nothing has no documents', () => {
  const frame = message(body({ find: 'heads', filter: {}, $db: 'shop' }))
  expect(storeRequest(frame)).toMatchObject({ kind: 'find', documents: 0 })
})

test("a message in another form, as a driver's first one, is told as such", () => {
  const frame = message(body({ hello: 1 }))
  frame.writeInt32LE(2004, 12)
  expect(storeRequest(frame)).toMatchObject({ kind: 'other', documents: 0 })
})
