const TIMEOUT_MS = 5_000

/** Resolves when a GET of `url` answers with a status `below` the given one. Credentials in it become a header. */
export async function httpAnswers(url: string, { below = 300 } = {}): Promise<void> {
  const { username, password, ...parts } = credentialsOf(url)
  const headers = username ? { authorization: `Basic ${btoa(`${username}:${password}`)}` } : {}
  const response = await fetch(parts.url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
    (error: Error) => {
      const cause = error.cause instanceof Error ? error.cause : error
      throw new Error(`${parts.url}: ${cause.message || cause.name}`)
    },
  )
  await response.body?.cancel()
  if (response.status >= below) throw new Error(`${parts.url} answers ${response.status}`)
}

/** `fetch` refuses an address that carries a user. */
function credentialsOf(text: string): { url: string; username: string; password: string } {
  const url = new URL(text)
  const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)]
  url.username = ''
  url.password = ''
  return { url: url.href, username, password }
}
