/** A starter to be killed: runs the command line that it is given under a guard and prints its pid. */
import { startGuard } from './guard.ts'

const [log = '', command = '', ...args] = process.argv.slice(2)
const { pid } = await startGuard().start({ name: 'server', command, args, log })
console.log(pid)
