import type { Pool, Queryable } from './sdk.ts'

/** A part's own table: how far it is with each order, and what it knows of it. */
export type Rows = {
  /** Makes the table, unless it is there. */
  create(): Promise<unknown>
  /** A first row, unless there is one: `data` stays what it was. */
  put(by: Queryable, orderId: string, state: string, data: unknown): Promise<unknown>
  /** Answers with the row's data. */
  move<Data>(by: Queryable, orderId: string, state: string): Promise<Data>
}

export function rowsOf(part: string, pool: Pool): Rows {
  const table = `${part}_rows`
  return {
    create: () =>
      pool.query(
        `CREATE TABLE IF NOT EXISTS ${table} (order_id text PRIMARY KEY, state text NOT NULL, data jsonb NOT NULL)`,
      ),
    put: (by, orderId, state, data) =>
      by.query({
        name: 'put',
        text: `INSERT INTO ${table} VALUES ($1, $2, $3) ON CONFLICT (order_id) DO NOTHING`,
        values: [orderId, state, JSON.stringify(data)],
      }),
    async move<Data>(by: Queryable, orderId: string, state: string) {
      const { rows } = await by.query({
        name: 'move',
        text: `UPDATE ${table} SET state = $2 WHERE order_id = $1 RETURNING data`,
        values: [orderId, state],
      })
      const [row] = rows as { readonly data: Data }[]
      if (!row) throw new Error(`${part} does not know order ${orderId}`)
      return row.data
    },
  }
}
