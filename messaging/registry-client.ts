import { RetryableError, TerminalError } from './errors.ts'

/** Where the registry is: the base of its Confluent API. Credentials may stand in the URL instead. */
export type RegistryConfig = {
  readonly url: string
  readonly auth?: { readonly username: string; readonly password: string }
  /** Milliseconds for one request. Default 5,000. */
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings from the environment: `SCHEMA_REGISTRY_URL` (required, the base of the Confluent API) and, if it asks for them,
 * `SCHEMA_REGISTRY_USERNAME` and `SCHEMA_REGISTRY_PASSWORD`. Throws a `TerminalError` that says what was expected.
 */
export function registryConfigFromEnvironment(env: Environment = process.env): RegistryConfig {
  const {
    SCHEMA_REGISTRY_URL: url = '',
    SCHEMA_REGISTRY_USERNAME: username,
    SCHEMA_REGISTRY_PASSWORD: password,
  } = env
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new TerminalError(
      `SCHEMA_REGISTRY_URL: got ${url ? 'something else' : 'nothing'}, expected the http(s) address of the registry's ` +
        'Confluent API, e.g. SCHEMA_REGISTRY_URL=http://127.0.0.1:8080/apis/ccompat/v7',
      { code: 'CHORUS_CONFIG' },
    )
  }
  return { url, ...(username && { auth: { username, password: password ?? '' } }) }
}

/** `found` is false for the registry's own "no such subject, version or schema". */
export type Answer = { readonly found: boolean; readonly conflict?: string; readonly body: unknown }

export type RegistryClient = {
  /** One request. Everything but an answer, a "not found" and a conflict rejects with a `RetryableError` that says why. */
  request(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<Answer>
}

const mediaType = 'application/vnd.schemaregistry.v1+json'

export function registryClient(connection: RegistryConfig): RegistryClient {
  const { timeoutMs = 5_000, fetch: send = fetch } = connection
  const { base, headers } = address(connection)

  async function call(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string }> {
    try {
      const response = await send(base + path, {
        method,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, text: await response.text() }
    } catch (cause) {
      throw new RetryableError(`The schema registry at ${base} does not answer: ${reasonOf(cause)}.`, {
        cause,
        code: 'CHORUS_REGISTRY_DOWN',
      })
    }
  }

  return {
    async request(method, path, body) {
      const { status, text } = await call(method, path, body)
      const answer = parse(text)
      if (status < 300 && answer) return { found: true, body: answer }
      // Any web server can say 404; only a registry says which of its things is missing.
      if (status === 404 && answer?.error_code !== undefined) return { found: false, body: answer }
      if (status === 409) return { found: true, conflict: String(answer?.message ?? text), body: answer }
      const fact = answer?.message ?? (status < 300 ? 'the answer is not JSON' : 'no reason given')
      throw new RetryableError(
        `The schema registry at ${base} answered ${method} ${path} with ${status}: ${fact}.`,
        {
          code: 'CHORUS_REGISTRY_REFUSED',
        },
      )
    },
  }
}

/** `fetch` refuses credentials in a URL, and no message may repeat them. */
function address({ url, auth }: RegistryConfig): { base: string; headers: Record<string, string> } {
  const { origin, pathname, username, password } = new URL(url)
  const credentials = auth ?? (username && { username: decode(username), password: decode(password) })
  return {
    base: origin + pathname.replace(/\/$/, ''),
    headers: { accept: mediaType, 'content-type': mediaType, ...(credentials && basic(credentials)) },
  }
}

const decode = decodeURIComponent

const basic = ({ username, password }: { username: string; password: string }) => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
})

/** `fetch` says only "fetch failed"; its cause knows more, and may itself be several refusals without a text. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: Error & { code?: string } }
  return cause?.message || cause?.code || message
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
