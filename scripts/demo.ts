// `npm run demo -- <scenario>` is `./chorus orders fail <scenario>`.
import { commandLine } from './chorus.ts'

process.exitCode = await commandLine(['orders', 'fail', ...process.argv.slice(2)])
