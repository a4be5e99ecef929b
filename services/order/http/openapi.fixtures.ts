import { isDeepStrictEqual } from 'node:util'
import type { z } from 'zod'
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from 'zod-openapi'
import { paths } from './openapi.ts'

type Answered = { readonly status: number; readonly headers: Headers; readonly body: unknown }

/** What in this answer the OpenAPI document does not describe; `undefined` when it describes it all. Addresses that it does not list are not looked at. */
export function undocumented(
  method: string,
  path: string,
  { status, headers, body }: Answered,
): string | undefined {
  const operation = operationAt(method, path)
  if (!operation) return undefined
  const response = operation.responses?.[String(status) as '200'] as ZodOpenApiResponseObject | undefined
  const where = `${method} ${path} → ${status}`
  if (!response) return `${where} is not documented`
  const type = headers.get('content-type')?.split(';', 1)[0]
  if (!type) return undefined
  const schema = response.content?.[type]?.schema as z.ZodType | undefined
  if (!schema) return `${where} as ${type} is not documented`
  if (body === undefined) return undefined
  const read = schema.safeParse(body)
  if (!read.success) return `${where} does not fit: ${read.error.message}`
  // Parsing drops what the schema does not name.
  if (!isDeepStrictEqual(read.data, body)) return `${where} has undocumented fields: ${JSON.stringify(body)}`
  return undefined
}

function operationAt(method: string, path: string): ZodOpenApiOperationObject | undefined {
  const [pathname = ''] = path.split('?', 1)
  const template = Object.keys(paths).find((known) =>
    new RegExp(`^${known.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname),
  )
  return template ? paths[template]?.[method.toLowerCase() as 'get'] : undefined
}
