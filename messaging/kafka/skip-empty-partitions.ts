/** What the patch needs to know of kafkajs' consumer. */
type Batch = { readonly rawMessages: readonly unknown[] }
type Runner = { fetch(nodeId: number): Promise<Batch[]>; heartbeat(): Promise<void> }

/**
 * An answer to a fetch names every partition that was asked for, and kafkajs 2.2.4 hands each of them to a worker of its own, the empty
 * ones too, of which nothing comes but a heartbeat: of 48 partitions, mostly 47. They are left out here. A partition with records that
 * are only not to be seen, such as a transaction's marks, still moves its position.
 */
export function skipEmptyPartitions(require: NodeJS.Require): void {
  const { prototype } = require('kafkajs/src/consumer/runner.js') as { prototype: Runner }
  const { fetch } = prototype
  prototype.fetch = async function (nodeId) {
    const batches = await fetch.call(this, nodeId)
    const filled = batches.filter(({ rawMessages }) => rawMessages.length > 0)
    if (filled.length === 0 && batches.length > 0) await this.heartbeat()
    return filled
  }
}
