import { createInterface } from 'node:readline/promises'
import { Command } from 'commander'
import { dataFolderFrom, explain, stopRunning, wipeData } from '../infra/index.ts'

const { data, yes } = new Command('npm run down --')
  .description('Stops the servers that `npm run up` left running.')
  .option('--data', 'wipe their data as well: topics, schemas and sagas, all together')
  .option('--yes', 'do not ask')
  .parse()
  .opts<{ data?: boolean; yes?: boolean }>()

const folder = dataFolderFrom(process.env)
try {
  if (data && !yes && !(await confirmed())) process.exit(1)
  const stopped = await stopRunning(folder)
  console.log(stopped.length > 0 ? `Stopped ${stopped.join(', ')}` : 'No servers were running')
  if (data) {
    await wipeData(folder)
    console.log(`Wiped the data in ${folder}`)
  }
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

/** Asks on a terminal only: a script that says --data means it. */
async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) return true
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`Wipe all topics, schemas and sagas in ${folder}? [y/N] `)
  terminal.close()
  return /^y(es)?$/i.test(answer.trim())
}
