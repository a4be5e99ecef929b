import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { createLogger, shutdownTracing } from '#observability'

/** A service as others are: no tracing code but the last line. It asks BACKSTAGE, when there is one, and says where it listens. */
const log = createLogger({ service: process.env.OTEL_SERVICE_NAME ?? 'fixture' })
const app = express()
app.get('/livez', (_request, response) => void response.send('alive'))
app.get('/songs/:id', async (request, response) => {
  log.info('asked')
  const backstage = process.env.BACKSTAGE
  const answer = backstage ? await fetch(`${backstage}/songs/${request.params.id}`) : undefined
  response.send(answer ? await answer.text() : 'la la la')
})

// A poll that belongs to no request.
if (process.env.BACKSTAGE) await fetch(`${process.env.BACKSTAGE}/livez`)

const server = app.listen(0, '127.0.0.1')
await once(server, 'listening')
log.info('listening', { port: (server.address() as AddressInfo).port })
await once(process, 'SIGTERM')
server.close()
server.closeAllConnections()
await shutdownTracing()
