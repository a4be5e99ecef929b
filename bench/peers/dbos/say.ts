import type { PartName } from '../parts.ts'
import type { DbosClient, Pool } from './sdk.ts'
import type { Say } from './workflows.ts'

/** DBOS wants another one for each application of a database. */
export function versionOf(part: PartName): string {
  return `${part}-1`
}

/** Changes a row and enqueues what is said in one transaction. Said again, it is the same workflow: it runs once. */
export function sayIn(database: Pool, client: Promise<DbosClient>): Say {
  return async (orderId, change) => {
    const dbos = await client
    const connection = await database.connect()
    try {
      await connection.query('BEGIN')
      const { to, workflow, input } = await change(connection)
      const target = {
        queueName: to,
        applicationName: to,
        appVersion: versionOf(to),
        workflowName: workflow,
        workflowID: `${orderId}-${workflow}`,
      }
      await dbos.enqueueInTransaction(connection, target, orderId, input)
      await connection.query('COMMIT')
    } catch (error) {
      await connection.query('ROLLBACK')
      throw error
    } finally {
      connection.release()
    }
  }
}
