import type { OrderRequest, RequestStore } from './requests.ts'

/** Requests in this process, for tests and the embedded mode: nothing outlives it. */
export function memoryRequests(): RequestStore {
  const byKey = new Map<string, OrderRequest>()
  const byOrderId = new Map<string, OrderRequest>()

  return {
    async claim(request) {
      const earlier = byKey.get(request.key)
      if (earlier) return earlier
      const stored = structuredClone(request)
      byKey.set(request.key, stored)
      byOrderId.set(request.orderId, stored)
      return stored
    },

    async byOrderIds(orderIds) {
      return [...new Set(orderIds)].flatMap((id) => byOrderId.get(id) ?? [])
    },

    async purge(before, limit) {
      const old = [...byKey.values()]
        .filter(({ at }) => at < before)
        .sort((a, b) => a.at - b.at)
        .slice(0, limit)
      for (const { key, orderId } of old) {
        byKey.delete(key)
        byOrderId.delete(orderId)
      }
      return old.length
    },
  }
}
