import { expect, test } from '@jest/globals'
import { foldingOf } from './folds.ts'

const press = (key: string, held: Partial<Record<'metaKey' | 'ctrlKey' | 'altKey', boolean>> = {}) =>
  foldingOf({ key, metaKey: false, ctrlKey: false, altKey: false, ...held })

test('[ closes and ] opens, on keyboards, too, that need Alt or AltGr for them', () => {
  expect(press('[')).toBe('close')
  expect(press(']')).toBe('open')
  expect(press('[', { altKey: true })).toBe('close')
  expect(press(']', { ctrlKey: true, altKey: true })).toBe('open')
})

test('other keys fold nothing, nor do those that the browser takes for going back and on', () => {
  for (const key of ['j', '{', 'Enter']) expect(press(key)).toBeUndefined()
  expect(press('[', { metaKey: true })).toBeUndefined()
  expect(press(']', { ctrlKey: true })).toBeUndefined()
})
