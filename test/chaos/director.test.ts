import { expect, test } from '@jest/globals'
import { playFaults } from './director.ts'
import type { Instance } from './instance.ts'
import type { Stage } from './stage.ts'

const ready = 200

/** Starts slowly, and cannot be started while it is up already, like a real one. */
function slowInstance(id: string, service: Instance['service'], told: string[]): Instance {
  let isUp = true
  return {
    id,
    service,
    address: '',
    accidents: [],
    pid: () => (isUp ? 1 : undefined),
    isReady: () => isUp,
    up() {
      if (isUp) throw new Error(`${id} is up already`)
      isUp = true
      told.push(`${id} up`)
    },
    install() {},
    async down() {
      isUp = false
      told.push(`${id} down`)
    },
    async whenReady() {
      await new Promise((resolve) => setTimeout(resolve, ready))
    },
  }
}

test('a roll-out that takes longer than planned keeps its instances from other faults', async () => {
  const told: string[] = []
  const instances = new Map(
    ['shipping-1', 'shipping-2'].map((id) => [id, slowInstance(id, 'shipping', told)]),
  )
  const stage = { instances, releases: { next: async () => '/releases/2' } } as unknown as Stage

  const played = await playFaults(
    [
      { at: 0, kind: 'roll-out', target: 'shipping', for: 0.1 },
      { at: 0.1, kind: 'shift-clock', target: 'shipping-2', for: 0.1, by: 1 },
    ],
    stage,
    { beganAt: Date.now(), signal: new AbortController().signal, say: () => {} },
  )

  expect(played.map(({ says }) => says)).toEqual(['all of them run 2', 'its clock was 1 ms off'])
  const [first, second] = ['shipping-1', 'shipping-2'].map((id) => [`${id} down`, `${id} up`])
  const rollOut = [first, first, second]
  const shift = [second, second]
  expect(told).toEqual([...rollOut, ...shift].flat())
})
