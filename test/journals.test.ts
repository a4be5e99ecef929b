import { describe, expect, test } from '@jest/globals'
import {
  type Edge,
  edgesOf,
  type Participant,
  replaySagas,
  sentenceOf,
  stateName,
  twoWaysOn,
} from '#orchestration'
import { watchTransitions } from '../orchestration/watch-transitions.ts'
import { type Corpus, corporaOf, sagasOf, transitionsOf } from '../scripts/journals/corpus.ts'
import { shippedParticipants } from '../scripts/replay/participants.ts'

const parts = shippedParticipants({})
const corpora = await Promise.all(
  parts.map(async (part) => (await corporaOf(part.name)).map((corpus) => ({ part, corpus }))),
)
const released = corpora.flat().map(({ part, corpus }) => ({
  part,
  corpus,
  title: `${corpus.participant} ${corpus.version}`,
}))
const shipped = released.filter(({ part, corpus }) => corpus.version === part.version)

type Program = Participant['programs'] extends ReadonlyMap<string, infer P> ? P : never

/** The participant with its machines seen through this. */
function through(part: Participant, change: (program: Program) => Partial<Program>): Participant {
  const programs = [...part.programs].map(
    ([version, program]) => [version, { ...program, ...change(program) }] as const,
  )
  return { ...part, programs: new Map(programs) }
}

/** Its machines have forgotten one of their transitions. */
function without(part: Participant, { id, from, event: forgotten }: Edge): Participant {
  const isThere = (state: unknown) => `${stateName(state)}.`.startsWith(`${from}.`)
  return through(part, (program) => ({
    declares: (state, type) => program.declares(state, type) && !(type === forgotten && isThere(state.value)),
    apply(state, event) {
      const move = program.apply(state, event)
      const isForgotten = program.taken(state, event).some((edge) => edge.id === id)
      return isForgotten ? { ...move, state, requests: [], changed: false } : move
    },
  }))
}

/** Why a change cannot be shipped as it is: where sagas would go another way, which transitions changed, and the two ways on. */
async function whatBreaks(part: Participant, corpus: Corpus): Promise<string> {
  const { divergences } = await replaySagas([part], sagasOf(corpus))
  if (divergences.length === 0) return ''
  const now = transitionsOf(part.machine)
  return [
    ...divergences.slice(0, 5).map(sentenceOf),
    ...corpus.transitions.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !corpus.transitions.includes(line)).map((line) => `+ ${line}`),
    twoWaysOn(corpus.participant, corpus.version),
    'docs/versions.md shows both.',
  ].join('\n')
}

describe('the journals of each released version', () => {
  test.each(released)('$title come out on the machines of today as they were recorded', async (version) => {
    expect(await whatBreaks(version.part, version.corpus)).toBe('')
  })

  test.each(released)(
    '$title are all judged, but for beginnings that no machine of today makes',
    async (version) => {
      const { part, corpus } = version
      const { rows, judged, unjudged } = await replaySagas([part], sagasOf(corpus))
      const beginnings = corpus.version === part.version ? 0 : unstartedRows(corpus)
      expect({ rows, judged, reasons: unjudged.size }).toEqual({
        rows: corpus.rows.length,
        judged: corpus.rows.length - beginnings,
        reasons: Math.min(beginnings, 1),
      })
    },
  )
})

/** Rows before which their saga was not started. */
function unstartedRows(corpus: Corpus): number {
  const sagas = [...Map.groupBy(corpus.rows, ({ sagaId }) => sagaId).values()]
  return sagas.reduce((sum, rows) => {
    const start = rows.findIndex(({ state }) => state !== null)
    return sum + (start === -1 ? rows.length : start + 1)
  }, 0)
}

describe('the journals of the version that is shipped', () => {
  test('are there for every participant: npm run journals:record', () => {
    expect(shipped.map(({ part }) => part.name)).toEqual(parts.map(({ name }) => name))
  })

  test.each(shipped)('$title take every transition of its machine', async ({ part, corpus }) => {
    const taken = new Set<string>()
    const watched = watchTransitions(part, ({ id }) => taken.add(id))
    await replaySagas([watched], sagasOf(corpus))
    expect([...edgesOf(part.machine).values()].filter(({ id }) => !taken.has(id))).toEqual([])
  })

  test.each(shipped)(
    '$title give away every transition that its machine may lose',
    async ({ part, corpus }) => {
      const unnoticed: string[] = []
      for (const edge of edgesOf(part.machine).values()) {
        const { divergences } = await replaySagas([without(part, edge)], sagasOf(corpus))
        if (divergences.length === 0) unnoticed.push(edge.id)
      }
      // No later state takes these in: forgotten or ignored, it is the same.
      const same = ['cancelling · PaymentCaptured', 'cancelling · CancelOrder']
      expect(unnoticed).toEqual(part.name === 'order' ? same : [])
    },
  )

  test.each(shipped)(
    '$title were recorded with the machine as it stands: npm run journals:record when they were not',
    ({ part, corpus }) => {
      expect(transitionsOf(part.machine)).toEqual(corpus.transitions)
    },
  )
})
