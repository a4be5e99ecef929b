import { Worker } from 'node:worker_threads'
import type { SeedAnswer, SeedTask } from './worker.ts'

/** Plays seeds in so many threads, one seed at a time in each. Calls `onAnswer` for each as it comes; resolves when all are done. */
export async function playSeeds(
  tasks: readonly SeedTask[],
  { workers, onAnswer }: { workers: number; onAnswer: (answer: SeedAnswer) => void },
): Promise<void> {
  const waiting = [...tasks]
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, () => work(waiting, onAnswer)))
}

/** A thread that dies takes its seed with it, which is told as a failure; the next one goes on. */
async function work(waiting: SeedTask[], onAnswer: (answer: SeedAnswer) => void): Promise<void> {
  while (waiting.length > 0) {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    let task: SeedTask | undefined
    await new Promise<void>((resolve) => {
      const next = () => {
        task = waiting.shift()
        if (task) worker.postMessage(task)
        else resolve()
      }
      worker.on('message', (answer: SeedAnswer) => {
        onAnswer(answer)
        next()
      })
      worker.once('error', (error) => {
        if (task) onAnswer({ task, failure: String(error) })
        resolve()
      })
      next()
    })
    await worker.terminate()
  }
}
