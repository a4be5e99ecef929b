const PROBES = new Set(['/livez', '/readyz', '/metrics'])

type Request = {
  readonly url?: string | undefined
  readonly headers: { readonly accept?: string | undefined }
}

/**
 * Requests that would drown the traces of real work: probes, every few seconds, and streams of server-sent events, whose span
 * would last as long as somebody watches.
 */
export function isNoise({ url = '/', headers }: Request): boolean {
  const path = url.split('?', 1)[0] ?? url
  return PROBES.has(path) || path.endsWith('/events') || (headers.accept ?? '').includes('text/event-stream')
}
