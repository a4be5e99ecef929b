import { afterAll, afterEach, beforeAll, jest } from '@jest/globals'
import { type Testbed, testbed } from './broker.fixtures.ts'
import type { Broker } from './broker.ts'
import { adminConformance } from './conformance/admin.ts'
import { commitsConformance } from './conformance/commits.ts'
import { flowConformance } from './conformance/flow.ts'
import { sendingConformance } from './conformance/sending.ts'
import { sharingConformance } from './conformance/sharing.ts'
import { standaloneConformance } from './conformance/standalone.ts'

/**
 * Registers the tests that every broker must pass. Topics and groups have fresh names, so a cluster that others use will do;
 * `afterwards` is given the names of the topics.
 */
export function brokerConformance(
  name: string,
  makeBroker: () => Broker,
  afterwards: (topics: readonly string[]) => Promise<void> = async () => {},
): void {
  let opened: Testbed
  const bed = () => opened

  jest.setTimeout(30_000)
  beforeAll(async () => {
    opened = await testbed(makeBroker())
  })
  afterEach(() => opened.closeReaders())
  afterAll(async () => {
    await opened.close()
    await afterwards(opened.topics)
  })

  sendingConformance(name, bed)
  sharingConformance(name, bed)
  commitsConformance(name, bed)
  flowConformance(name, bed)
  standaloneConformance(name, bed)
  adminConformance(name, bed)
}
