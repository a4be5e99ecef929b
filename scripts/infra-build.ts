import { Command, Option } from 'commander'
import { buildable, buildInfrastructure, explain } from '../infra/index.ts'

const { only } = new Command('npm run infra:build --')
  .description('Compiles what is worth compiling once: Jaeger (traces) and the faster store.')
  .addOption(new Option('--only <part>', 'compile one of them').choices(buildable))
  .parse()
  .opts<{ only?: (typeof buildable)[number] }>()

const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () =>
    interrupted.abort(new Error(`stopped by ${signal}; the next run goes on from here`)),
  )

const failures = await buildInfrastructure(only ? [only] : buildable, interrupted.signal)
for (const failure of failures) console.error(explain(failure))
process.exitCode = failures.length > 0 ? 1 : 0
