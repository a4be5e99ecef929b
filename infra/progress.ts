import { Listr, ListrLogger, ProcessOutput } from 'listr2'

/** One line of the progress: `run` tells what it is doing, and returns the line that stays. */
export interface Step {
  readonly title: string
  run(report: (doing: string) => void, signal: AbortSignal): Promise<string>
}

/** `show`: a live list on a terminal, plain lines elsewhere. `lines`: always plain lines. Both go to stderr. */
export type Progress = 'show' | 'lines' | 'silent'

/** Runs all steps at once. When one fails the others are told to stop, and its error is thrown. */
export async function runSteps(
  steps: readonly Step[],
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const failed = new AbortController()
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal
  const guarded = steps.map((step) => ({
    ...step,
    run: async (report: (doing: string) => void) => {
      const began = performance.now()
      const line = await step.run(report, stop).catch((error: unknown) => {
        failed.abort(error) // only the first one counts: the others then fail because of it
        throw error
      })
      return `${line} (${((performance.now() - began) / 1000).toFixed(1)} s)`
    },
  }))
  await renderer(progress)(guarded)
  stop.throwIfAborted()
}

type Guarded = { title: string; run(report: (doing: string) => void): Promise<string> }

function renderer(progress: Progress): (steps: readonly Guarded[]) => Promise<void> {
  if (progress === 'silent') return runSilently
  const live = process.stderr.isTTY && !process.env.CI && process.env.TERM !== 'dumb'
  return progress === 'show' && live ? runLive : runInLines
}

async function runSilently(steps: readonly Guarded[]): Promise<void> {
  await Promise.allSettled(steps.map((step) => step.run(() => {})))
}

async function runInLines(steps: readonly Guarded[]): Promise<void> {
  const print = (line: string) => process.stderr.write(`${line}\n`)
  const run = async ({ title, run }: Guarded) =>
    run((doing) => print(`… ${title}: ${doing}`)).then(
      (line) => print(`✓ ${line}`),
      () => print(`✗ ${title}`),
    )
  await Promise.all(steps.map(run))
}

async function runLive(steps: readonly Guarded[]): Promise<void> {
  const tasks = steps.map(({ title, run }) => ({
    title,
    task: async (_: unknown, task: { title: string; output: string }) => {
      task.title = await run((doing) => {
        task.output = doing
      })
    },
  }))
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) })
  await new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false,
    rendererOptions: { logger, showErrorMessage: false },
  }).run()
}
