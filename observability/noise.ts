const PROBES = new Set(['/livez', '/readyz', '/metrics'])

export type IncomingRequest = {
  readonly method?: string | undefined
  readonly url?: string | undefined
  readonly headers: { readonly accept?: string | undefined }
}

const ignored = new Set<(request: IncomingRequest) => boolean>()

/**
 * From now on requests for which `test` is true leave no span: a flood that is refused should not cost what it would if it were served.
 * Returns the way back.
 */
export function ignoreRequests(test: (request: IncomingRequest) => boolean): () => void {
  ignored.add(test)
  return () => void ignored.delete(test)
}

/**
 * Requests that would drown the traces of real work: probes, every few seconds, and streams of server-sent events, whose span
 * would last as long as somebody watches. And what `ignoreRequests` was told.
 */
export function isNoise(request: IncomingRequest): boolean {
  const { url = '/', headers } = request
  const path = url.split('?', 1)[0] ?? url
  if (PROBES.has(path) || path.endsWith('/events')) return true
  if ((headers.accept ?? '').includes('text/event-stream')) return true
  return [...ignored].some((test) => test(request))
}
