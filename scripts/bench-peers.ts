/** `npm run bench:peers`: this shop beside other engines. See `bench/peers/README.md`. */
import { readPeersOptions } from '../bench/peers/options.ts'
import { writePage } from '../bench/peers/page.ts'
import { runPeers } from '../bench/peers/run.ts'
import { runScript, writeResult } from '../bench/script.ts'

const options = readPeersOptions(process.argv)

await runScript('peers', async (surroundings) => {
  const result = await runPeers({ ...options, ...surroundings })
  surroundings.say('\nEvery order of every turn is right.')
  writeResult(options.json, result, surroundings.say)
  if (options.writeDocs) writePage(result)
})
