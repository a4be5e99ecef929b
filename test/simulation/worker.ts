import { parentPort } from 'node:worker_threads'
import { runSeed, type SeedResult } from './run.ts'

/** What a worker is asked for, and what it says: a result, or why the simulation itself failed. */
export type SeedTask = { readonly seed: number; readonly sagas: number }
export type SeedAnswer =
  | { readonly result: SeedResult }
  | { readonly task: SeedTask; readonly failure: string }

async function answer(task: SeedTask): Promise<SeedAnswer> {
  try {
    return { result: await runSeed(task) }
  } catch (error) {
    return { task, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

parentPort?.on('message', async (task: SeedTask) => parentPort?.postMessage(await answer(task)))
