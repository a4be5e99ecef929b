import { describe, expect, test } from '@jest/globals'
import type { Store } from '../store.ts'
import type { Mark } from './mark.ts'

const aMark = (fields: Partial<Mark>): Mark => ({
  _id: 0,
  revision: 1,
  owner: 'ann',
  released: false,
  stuckAt: {},
  attempts: [],
  ...fields,
})

/** Holds every promise of the mark store. `opened` gives a store that is new and empty for each test. */
export function marksConformance(opened: () => Store): void {
  describe('a mark', () => {
    test('is stored on top of the one that was read, and on no other', async () => {
      const { marks } = opened()
      expect(await marks.write([aMark({})])).toEqual([true])
      expect(await marks.write([aMark({ owner: 'ben' })])).toEqual([false])
      expect(await marks.write([aMark({ owner: 'ben', revision: 2 })])).toEqual([true])
      expect(await marks.write([aMark({ revision: 2 })])).toEqual([false])
      expect(await marks.write([aMark({ revision: 1 })])).toEqual([false])
      expect(await marks.read([0])).toEqual([aMark({ owner: 'ben', revision: 2 })])
    })

    test('written again by the same owner is the same write', async () => {
      const { marks } = opened()
      const mark = aMark({
        attempts: [{ topic: 't.$x', offset: '9', owners: ['ann'] }],
        stuckAt: { 't.x': '1' },
      })
      expect(await marks.write([mark])).toEqual([true])
      expect(await marks.write([mark])).toEqual([true])
      expect(await marks.read([0])).toEqual([mark])
    })

    test('of 50 owners that write at once, one is first', async () => {
      const { marks } = opened()
      for (const revision of [1, 2]) {
        const rivals = Array.from({ length: 50 }, (_, i) => aMark({ revision, owner: `owner ${i}` }))
        const results = await Promise.all(rivals.map((rival) => marks.write([rival])))
        const winners = rivals.filter((_, i) => results[i]?.[0])
        expect(winners).toHaveLength(1)
        expect(await marks.read([0])).toEqual(winners)
      }
    })

    test('of each partition is answered by itself', async () => {
      const { marks } = opened()
      await marks.write([aMark({ _id: 1 }), aMark({ _id: 3 })])
      const batch = [1, 2, 3].map((_id) => aMark({ _id, owner: 'ben', revision: _id === 3 ? 2 : 1 }))
      expect(await marks.write(batch)).toEqual([false, true, true])
      const owners = (await marks.read([1, 2, 3, 4])).map(({ _id, owner }) => `${_id} ${owner}`)
      expect(owners.sort()).toEqual(['1 ann', '2 ben', '3 ben'])
      expect(await marks.read([])).toEqual([])
      expect(await marks.write([])).toEqual([])
    })
  })
}
