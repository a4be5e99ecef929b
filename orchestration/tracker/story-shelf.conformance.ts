import { beforeEach, describe, expect, test } from '@jest/globals'
import { mealSteps, storyOf } from './meal.fixtures.ts'
import { type StoryShelf, storyShape } from './story-shelf.ts'

/** Holds every promise of the story shelf port. `makeShelf` gives a new, empty shelf each time. */
export function storyShelfConformance(name: string, makeShelf: () => Promise<StoryShelf>): void {
  describe(`${name} keeps the promises of the story shelf port:`, () => {
    const steps = mealSteps('m1')
    const told = { story: storyOf(steps), from: 0, steps }
    let shelf: StoryShelf
    beforeEach(async () => {
      shelf = await makeShelf()
    })

    test('of several that replace the generations at the same time one succeeds', async () => {
      const before = await shelf.generations()
      expect(before).toEqual({ revision: 0, serving: null, building: null })
      const rivals = ['a', 'b', 'c'].map((group) => ({
        ...{ revision: 1, building: null },
        serving: { group, shape: storyShape },
      }))
      const results = await Promise.all(rivals.map((next) => shelf.replace(next)))
      expect(results.filter((won) => won)).toHaveLength(1)
      expect(await shelf.generations()).toEqual(rivals[results.indexOf(true)])
      expect(await shelf.replace({ revision: 1, serving: null, building: null })).toBe(false)
    })

    test('generations keep their stories apart, until only some of them are kept', async () => {
      const [old, anew] = ['', '-2'].map((more) => ({
        group: shelf.firstGroup + more,
        shape: storyShape,
      })) as [{ group: string; shape: number }, { group: string; shape: number }]
      await (await shelf.open(old)).write([told])
      expect(await (await shelf.open(anew)).read(['m1'])).toEqual([])
      await (await shelf.open(anew)).write([told])
      await shelf.keepOnly([anew])
      expect(await (await shelf.open(anew)).read(['m1'])).toEqual([told.story])
      expect(await (await shelf.open(anew)).stepsOf('m1')).toHaveLength(steps.length)
      expect(await (await shelf.open(old)).read(['m1'])).toEqual([])
    })
  })
}
