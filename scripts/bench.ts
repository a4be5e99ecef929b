/** `npm run bench`: how fast the shop is and what an order costs. See `bench/README.md`. */
import { readOptions } from '../bench/options.ts'
import { writePage } from '../bench/report/page.ts'
import { runBench } from '../bench/run.ts'
import { runScript, writeResult } from '../bench/script.ts'

const options = readOptions(process.argv)

await runScript('bench', async (surroundings) => {
  const { say } = surroundings
  const result = await runBench({ ...options, ...surroundings })
  say(`\n${result.audit.orders} orders, ${result.audit.checked} of them checked: all invariants hold.`)
  writeResult(options.json, result, say)
  if (options.writeDocs) writePage(result)
})
