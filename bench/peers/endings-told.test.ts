import { expect, test } from '@jest/globals'
import { endingsTeller, hearEndings } from './endings-told.ts'

test('an ending is heard, whether it is told before anybody asks or after, and a second time it is none', async () => {
  const endings = await hearEndings()
  const teller = endingsTeller(endings.port)
  const late = endings.of('late')
  teller.tell('early')
  teller.tell('late')
  const lateAt = await late
  const earlyAt = await endings.of('early')
  expect(earlyAt).toBeLessThanOrEqual(lateAt)

  const next = endings.of('next')
  teller.tell('late')
  teller.tell('next')
  await next
  let again = false
  void endings.of('late').then(() => (again = true))
  const last = endings.of('last')
  teller.tell('last')
  await last
  expect(again).toBe(false)
  expect(endings.open()).toBe(1)
  teller.close()
  await endings.close()
})
