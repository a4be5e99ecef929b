import { contracts } from '#contracts'
import {
  kafkaBroker,
  kafkaConfigFromEnvironment,
  type PublishedSubject,
  publishContracts,
  registryConfigFromEnvironment,
  restRegistryAdmin,
} from '#messaging'
import { createTopics } from '../topics-create.ts'

type Prepared = { readonly subjects: readonly PublishedSubject[]; readonly created: readonly string[] }

/** Milliseconds for one request of the registry, which answers its first ones slowly. */
const registryLimit = 20_000

/** Publishes the contracts and creates the topics, as far as they are missing. */
export async function prepareServers(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Prepared> {
  const subjects = await publishContracts(
    contracts,
    restRegistryAdmin({ ...registryConfigFromEnvironment(environment), timeoutMs: registryLimit }),
  )
  const created = await createTopics(kafkaBroker(kafkaConfigFromEnvironment(environment)))
  return { subjects, created }
}
