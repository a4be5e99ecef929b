/** One part of the business on Restate, as a process: `PEER_PART` says which. */
import { createServer } from 'node:http2'
import { companiesAt } from '../companies.ts'
import { endingsTeller } from '../endings-told.ts'
import type { PartName } from '../parts.ts'
import { objectsOf } from './objects.ts'
import { restateSdk } from './sdk.ts'

const { PEER_PACKAGES = '', PEER_PART, PEER_PORT, PEER_ENDINGS_PORT, SANDBOX_URL = '' } = process.env
const name = PEER_PART as PartName

const { object, createEndpointHandler } = restateSdk(PEER_PACKAGES)
const handlers = objectsOf(companiesAt(SANDBOX_URL), endingsTeller(Number(PEER_ENDINGS_PORT)).tell)[name]
createServer(createEndpointHandler({ services: [object({ name, handlers })] })).listen(
  Number(PEER_PORT),
  '127.0.0.1',
)

process.once('SIGTERM', () => process.exit(0))
