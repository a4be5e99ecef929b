import type { TraceContext } from '#observability'
import type { Infrastructure } from '#orchestration'
import type { SagaPart } from './parts.ts'

/** The trace that the part's last row belongs to: what an operator says continues it. */
export async function traceOf(
  infrastructure: Infrastructure,
  { participant, head }: SagaPart,
): Promise<TraceContext> {
  const store = await infrastructure.store(participant)
  const [row] = await store.readRows([`${head._id}:${head.seq}`])
  return row?.trace ?? {}
}
