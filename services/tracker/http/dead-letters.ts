import { json, type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { headersWithout, letterRecord } from '#messaging'
import {
  type FollowedLetters,
  type Letter,
  type LetterWish,
  type OperatorContext,
  payloadOf,
  prospect,
  readLetters,
  resolveLetters,
} from '#orchestration/operations'
import type { DeadLetters, LetterCommand, LetterDetail, LetterView, Operation } from '../api.ts'
import type { OperationLog } from './operations.ts'
import { Problem } from './problem.ts'
import { valid } from './valid.ts'
import type { Writes } from './writes.ts'

export type DeadLetterApi = {
  readonly context: OperatorContext
  readonly letters: FollowedLetters
  readonly operations: OperationLog
  readonly writes: Writes
}

/** Letters in one answer; the groups count them all. */
const shown = 500

const listQuery = z.object({
  group: z.string().optional(),
  code: z.string().optional(),
  type: z.string().optional(),
  saga: z.string().optional(),
  all: z.stringbool().default(false),
})

const commandBody = z.strictObject({
  letters: z.array(z.uuid()).min(1).max(10_000),
  reason: z.string().trim().max(1_000).default(''),
  by: z.string().trim().min(1).max(200),
  dryRun: z.boolean().default(false),
}) satisfies z.ZodType<LetterCommand>

/** `GET /dead-letters`, `GET /dead-letters/{id}`, `POST /dead-letters/{redrive|discard}`. */
export function deadLetterRoutes(api: DeadLetterApi): Router {
  const routes = Router()
  routes.get('/dead-letters', listLetters(api))
  routes.get('/dead-letters/:id', showLetter(api))
  for (const command of ['redrive', 'discard'] as const)
    routes.post(
      `/dead-letters/${command}`,
      api.writes.guard,
      json({ limit: '1mb' }),
      changeLetters(api, command),
    )
  return routes
}

function listLetters({ letters }: DeadLetterApi): RequestHandler {
  return (req, res) => {
    const { all, ...filter } = valid(listQuery, req.query)
    const selected = letters
      .letters()
      .letters.filter((letter) => (all || !letter.resolved) && fits(letter, filter))
    const answer: DeadLetters = {
      groups: groupsOf(selected),
      letters: selected.slice(-shown).reverse().map(letterView),
      total: selected.length,
    }
    res.json(answer)
  }
}

type Filter = Omit<z.output<typeof listQuery>, 'all'>

function fits(letter: Letter, filter: Filter): boolean {
  return Object.entries(filter).every(([name, value]) => letter[name as keyof Filter] === value)
}

/** The most frequent first. */
function groupsOf(letters: readonly Letter[]): DeadLetters['groups'] {
  const kinds = Map.groupBy(letters, ({ group, code, type }) => JSON.stringify([group, code, type]))
  return [...kinds.values()]
    .flatMap((own) => {
      const [first, last] = [own[0], own.at(-1)]
      if (!first || !last) return []
      const { group, code, type = null, reason } = last
      return [{ group, code, type, reason, count: own.length, first: iso(first.at), last: iso(last.at) }]
    })
    .sort((a, b) => b.count - a.count)
}

function showLetter({ context }: DeadLetterApi): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const { letters } = await readLetters(context, context.participants, ({ id }) => id === req.params.id)
    const letter = letters.find(({ id }) => id === req.params.id)
    if (!letter)
      throw new Problem('letter-not-found', `There is no dead letter "${req.params.id}" (any more).`)
    const payload = await payloadOf(context, letterRecord(letter.record))
    const detail: LetterDetail = {
      ...letterView(letter),
      headers: headersWithout('dlt_', letter.record.headers),
      data: 'data' in payload ? payload.data : null,
      bytes: 'data' in payload ? null : payload.head,
    }
    res.json(detail)
  }
}

function letterView(letter: Letter): LetterView {
  const { id, group, code, reason, type = null, saga, at, record, written, row, resolved } = letter
  const { dlt_topic = '', dlt_partition, dlt_offset = '' } = record.headers
  return {
    ...{ id, group, code, reason, type, times: written },
    sagaId: saga || null,
    at: iso(at),
    topic: dlt_topic,
    partition: Number(dlt_partition),
    offset: dlt_offset,
    holds: row !== undefined && !resolved,
    resolution: resolved
      ? { became: resolved.became, by: resolved.by, reason: resolved.reason, at: iso(resolved.at) }
      : null,
  }
}

function changeLetters(
  { context, operations }: DeadLetterApi,
  command: LetterWish['command'],
): RequestHandler {
  return async (req, res) => {
    const { letters: ids, by, reason, dryRun } = valid(commandBody, req.body)
    if (dryRun) {
      res.json(await rehearse(context, command, { ids, by, reason }))
      return
    }
    if (reason === '')
      throw new Problem('invalid-request', 'reason: it goes into the record beside your name')
    const asked = { action: command, by, reason, items: ids }
    const operation = operations.begin(asked, async (settle) => {
      const { known, unknown } = await choose(context, ids, command)
      for (const id of unknown) settle({ id, outcome: 'there is no such letter', ok: false })
      await resolveLetters(context, known, {
        wish: { command, by, reason },
        wait: true,
        progress() {},
        tell: ({ id }, { verdict, text }) => settle({ id, outcome: text, ok: verdict !== 'failed' }),
      })
    })
    res.status(202).location(`/api/v1/operations/${operation.id}`).json(operation)
  }
}

/** What a real run would do. */
async function rehearse(
  context: OperatorContext,
  command: LetterWish['command'],
  { ids, by, reason }: { readonly ids: readonly string[]; readonly by: string; readonly reason: string },
): Promise<Operation> {
  const { known, unknown } = await choose(context, ids, command)
  const items = [
    ...known.map((letter) => {
      const { is, text } = prospect(letter, command, context.participants)
      return { id: letter.id, outcome: text, ok: is !== 'refused' }
    }),
    ...unknown.map((id) => ({ id, outcome: 'there is no such letter', ok: false })),
  ]
  const done = items.filter(({ ok }) => ok).length
  return {
    ...{ id: 'dry-run', action: `would ${command}`, by, reason, at: iso(context.clock.now()), items },
    ...{ total: items.length, done, failed: items.length - done, state: 'done' },
  }
}

/** The letters of these ids, as they are now; with their values for a redrive. */
async function choose(context: OperatorContext, ids: readonly string[], command: LetterWish['command']) {
  const wanted = new Set(ids)
  const isWanted = ({ id }: Letter) => wanted.has(id)
  const keeps = command === 'redrive' ? isWanted : undefined
  const known = (await readLetters(context, context.participants, keeps)).letters.filter(isWanted)
  const found = new Set(known.map(({ id }) => id))
  return { known, unknown: [...wanted].filter((id) => !found.has(id)) }
}

const iso = (at: number): string => new Date(at).toISOString()
