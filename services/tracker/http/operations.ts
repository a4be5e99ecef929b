import { randomUUID } from 'node:crypto'
import { Router } from 'express'
import type { Logger } from '#observability'
import type { Operation } from '../api.ts'
import { Problem } from './problem.ts'

type Item = Operation['items'][number]

/** Tells that one item of an operation is settled; `ok` is false for what was refused or came to nothing. */
export type Settle = (item: Item) => void

/**
 * Who asked for what, and how far it is. In memory, the newest 200: what was done is told for good by the journals and the dead letters,
 * and by the log.
 */
export type OperationLog = {
  /** Begins an operation over these items and does its work; returns at once. What the work leaves unsettled has failed. */
  begin(asked: Asked, work: (settle: Settle) => Promise<void>): Operation
  get(id: string): Operation | undefined
  /** Newest first. */
  list(): readonly Operation[]
}

export type Asked = Pick<Operation, 'action' | 'by' | 'reason'> & { readonly items: readonly string[] }

const kept = 200

export function operationLog(options: {
  readonly log: Logger
  readonly now: () => number
  readonly onProgress: (id: string) => void
}): OperationLog {
  const { log, now, onProgress } = options
  const operations = new Map<string, () => Operation>()

  function forgetOld(): void {
    for (const [id, operation] of operations)
      if (operations.size > kept && operation().state === 'done') operations.delete(id)
  }

  return {
    begin({ action, by, reason, items: wanted }, work) {
      const id = randomUUID()
      const at = new Date(now()).toISOString()
      const items: Item[] = []
      let state: Operation['state'] = 'running'

      function operation(): Operation {
        const done = items.filter(({ ok }) => ok).length
        const counts = { total: wanted.length, done, failed: items.length - done }
        return { id, action, by, reason, at, ...counts, state, items: [...items] }
      }

      function settle(item: Item): void {
        items.push(item)
        onProgress(id)
      }

      async function run(): Promise<void> {
        const why = await work(settle).then(
          () => 'nothing came of it',
          (error: Error) =>
            `broken off: ${error.message} What was not done is as it was; the same again does nothing twice.`,
        )
        const settled = new Set(items.map((item) => item.id))
        for (const item of wanted) if (!settled.has(item)) settle({ id: item, outcome: why, ok: false })
        state = 'done'
        onProgress(id)
        const { done, failed } = operation()
        log.info('an operation has ended', { operation: id, action, by, done, failed })
      }

      operations.set(id, operation)
      forgetOld()
      onProgress(id)
      log.info('an operator asked for something', { operation: id, action, by, reason, items: wanted.length })
      void run()
      return operation()
    },
    get: (id) => operations.get(id)?.(),
    list: () => [...operations.values()].reverse().map((operation) => operation()),
  }
}

/** `GET /operations` and `GET /operations/{id}`. */
export function operationRoutes({ operations }: { readonly operations: OperationLog }): Router {
  const routes = Router()
  routes.get('/operations', (_req, res) => {
    res.json({ operations: operations.list().map((operation) => ({ ...operation, items: [] })) })
  })
  routes.get('/operations/:id', (req, res) => {
    const operation = operations.get(req.params.id)
    if (!operation)
      throw new Problem(
        'operation-not-found',
        `The tracker remembers the last ${kept}, until it is restarted.`,
      )
    res.json(operation)
  })
  return routes
}
