import type { Lanes } from '../lanes.ts'

/**
 * Runs `work` on those of the sagas that nothing is done to at this moment. What comes for them meanwhile waits until it is over,
 * and then knows nothing of them any more: it loads them.
 */
export async function undisturbed(
  lanes: Pick<Lanes, 'add'>,
  sagaIds: readonly string[],
  work: (idle: readonly string[]) => Promise<void>,
): Promise<void> {
  const { promise: over, resolve: end } = Promise.withResolvers<void>()
  const idle: string[] = []
  let begun = false
  for (const sagaId of sagaIds) {
    lanes.add(sagaId, {
      name: 'housekeeping',
      async run(saga) {
        // A busy saga comes here later, when there is nothing left to do.
        if (begun) return
        idle.push(sagaId)
        await over
        saga.head = undefined
        saga.covered = 0
      },
      poison() {},
    })
  }
  begun = true
  await work(idle).finally(end)
}
