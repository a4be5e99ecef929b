import { Command, Option } from 'commander'
import { describeInfrastructure, explain, type Mode, startInfrastructure } from '../infra/index.ts'

const serving = ['docker', 'local'] as const

const { infra } = new Command('npm run up --')
  .description(
    'Starts Kafka, the schema registry, MongoDB and Jaeger, and leaves them running for `npm start`.',
  )
  .addOption(new Option('--infra <mode>', 'how, instead of the first that can run').choices(serving))
  .parse()
  .opts<{ infra?: (typeof serving)[number] }>()

const next: Record<Mode, string> = {
  environment: 'Nothing had to be started. Next: npm start',
  docker: 'Next: npm start   (stop the servers: npm run down)',
  local: 'Next: npm start   (stop the servers: npm run down)',
  embedded: 'No servers were started. What is missing: npm run doctor',
}

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)))

try {
  const infrastructure = await startInfrastructure({
    ...(infra && { mode: infra }),
    signal: interrupted.signal,
  })
  await infrastructure.keep()
  console.log(describeInfrastructure(infrastructure))
  console.log(next[infrastructure.mode])
  process.exitCode = infrastructure.mode === 'embedded' ? 1 : 0
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}
