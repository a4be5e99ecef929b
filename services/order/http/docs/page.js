// Draws /openapi.json as a list of operations and sends requests. No framework and nothing from elsewhere.

import { blocks, inline } from './markdown.js'

const api = await (await fetch('/openapi.json')).json()
document.querySelector('#about').append(...blocks(api.info.description))
document
  .querySelector('#operations')
  .replaceChildren(
    ...Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => card(method.toUpperCase(), path, operation)),
    ),
  )

function card(method, path, operation) {
  const part = document.querySelector('#operation').content.cloneNode(true)
  const find = (selector) => part.querySelector(selector)
  find('.method').textContent = method
  find('.path').textContent = path
  find('.title').textContent = operation.summary
  find('.description').append(...inline(operation.description ?? ''))

  const fields = (operation.parameters ?? []).map(field)
  find('.parameters').append(...fields.map(({ label }) => label))
  const body = requestBody(find('.body'), find('.fields'), operation)
  const answer = find('.answer')
  find('.answers').append(...Object.entries(operation.responses).map(answerLine))

  const stop = find('.stop')
  find('form').addEventListener('submit', async (event) => {
    event.preventDefault()
    const stopping = new AbortController()
    stop.onclick = () => stopping.abort()
    stop.hidden = answer.hidden = false
    const { url, headers } = address(path, fields)
    if (body) headers['Content-Type'] = 'application/json'
    await send(url, { method, headers, body: body?.value, signal: stopping.signal }, answer)
    stop.hidden = true
    for (const { fresh, input } of fields) if (fresh) input.value = crypto.randomUUID()
  })
  return part
}

function field(parameter) {
  const label = document.createElement('label')
  const note = document.createElement('small')
  const input = document.createElement('input')
  label.append(`${parameter.name}${parameter.required ? ' (required) ' : ' '}`, note, input)
  note.append(...inline(parameter.description ?? parameter.schema.description ?? ''))
  input.required = parameter.required ?? false
  // The same click twice is two orders here; to repeat a request, put its key back in.
  const fresh = parameter.name === 'Idempotency-Key'
  if (fresh) input.value = crypto.randomUUID()
  if (parameter.schema.default !== undefined) input.placeholder = parameter.schema.default
  return { ...parameter, label, input, fresh }
}

function requestBody(label, fields, operation) {
  const content = operation.requestBody?.content['application/json']
  if (!content) {
    label.remove()
    fields.remove()
    return undefined
  }
  const { example, ...schema } = whole(content.schema)
  fields.querySelector('pre').textContent = JSON.stringify(schema, null, 2)
  const input = label.querySelector('textarea')
  input.value = JSON.stringify(example, null, 2)
  return input
}

/** The schema with what it refers to in place. */
function whole(schema) {
  if (typeof schema !== 'object' || schema === null) return schema
  if (schema.$ref) return whole(api.components.schemas[schema.$ref.split('/').at(-1)])
  if (Array.isArray(schema)) return schema.map(whole)
  return Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, whole(part)]))
}

function answerLine([status, response]) {
  const line = document.createElement('li')
  line.append(`${status}: `, ...inline(response.description.replaceAll('\n\n', ' ')))
  return line
}

function address(path, fields) {
  const filled = fields.filter(({ input }) => input.value !== '')
  const of = (place) =>
    filled.filter((parameter) => parameter.in === place).map(({ name, input }) => [name, input.value])
  const query = new URLSearchParams(of('query'))
  const where = of('path').reduce(
    (url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  )
  return { url: query.size > 0 ? `${where}?${query}` : where, headers: Object.fromEntries(of('header')) }
}

/** Shows the answer as it comes in, so that event streams are seen live. */
async function send(url, request, answer) {
  const [status, body, headers] = ['.status', '.content', '.headers'].map((part) =>
    answer.querySelector(part),
  )
  status.textContent = '…'
  body.textContent = headers.textContent = ''
  try {
    const response = await fetch(url, request)
    status.textContent = `${response.status} ${response.statusText}`
    headers.textContent = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')
    if (response.headers.get('content-type')?.includes('json')) {
      body.textContent = JSON.stringify(await response.json(), null, 2)
      return
    }
    for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? [])
      body.textContent += text
  } catch (error) {
    status.textContent += ` ${error.name === 'AbortError' ? 'Stopped.' : error.message}`
  }
}
