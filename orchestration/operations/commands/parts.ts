import type { Command } from '../../control.ts'
import type { Head } from '../../journal.ts'
import { fold } from '../../step/head.ts'
import { type OperatorContext, Refusal } from '../context.ts'

/** One participant's part of a saga. */
export type SagaPart = { readonly participant: string; readonly head: Head }

/** Which sagas are meant when they are not named. */
export type PartQuery = {
  readonly participant?: string
  /** Top-level state, e.g. `waiting`. */
  readonly state?: string
  /** Milliseconds since its last row. */
  readonly olderThan?: number
  readonly limit: number
}

const page = 500

/** The parts of one saga, as their journals tell: a stored head may be a second behind. Throws a `Refusal` when nobody knows the saga. */
export async function partsOf(
  { infrastructure, participants }: OperatorContext,
  sagaId: string,
  participant?: string,
): Promise<readonly SagaPart[]> {
  const names = participant === undefined ? participants : [participant]
  const parts = await Promise.all(
    names.map(async (name) => {
      const rows = await (await infrastructure.store(name)).history(sagaId)
      const head = rows.reduce<Head | null>(fold, null)
      return head ? [{ participant: name, head }] : []
    }),
  )
  const found = parts.flat()
  if (found.length === 0)
    throw new Refusal(
      participant === undefined
        ? `Nobody knows a saga ${sagaId}.`
        : `${participant} knows no saga ${sagaId}.`,
    )
  return found
}

/** The parts that the query describes and `isMeant` says true of, newest sagas first. */
export async function findParts(
  { infrastructure, participants, clock }: OperatorContext,
  { participant, state, olderThan = 0, limit }: PartQuery,
  isMeant: (part: SagaPart) => boolean,
): Promise<readonly SagaPart[]> {
  const found: SagaPart[] = []
  const latest = clock.now() - olderThan
  for (const name of participant === undefined ? participants : [participant]) {
    const store = await infrastructure.store(name)
    let last: Head | undefined
    do {
      const after = last && { startedAt: last.startedAt, id: last._id }
      const heads = await store.listHeads({ limit: page, ...(after && { after }), ...(state && { state }) })
      for (const head of heads) {
        const part = { participant: name, head }
        if (head.at <= latest && isMeant(part)) found.push(part)
        if (found.length === limit) return found
      }
      last = heads.length === page ? heads.at(-1) : undefined
    } while (last)
  }
  return found
}

/** Whether a command can mean this part, when it was not named: all parts of a saga are asked, but not all are concerned. */
export function isConcerned({ head }: SagaPart, command: Command): boolean {
  if (command === 'pause') return !isFinished(head)
  if (command === 'resume') return (head.held ?? []).length > 0
  return head.effects.length > 0
}

function isFinished({ state }: Head): boolean {
  return state?.status === 'done'
}
