/** Runs the work when it is called. Calls that come while it runs are one more run afterwards. `work` does not reject. */
export function oneAtATime(work: () => Promise<void>): () => void {
  let isRunning = false
  let isAsked = false
  async function run(): Promise<void> {
    isRunning = true
    while (isAsked) {
      isAsked = false
      await work()
    }
    isRunning = false
  }
  return () => {
    isAsked = true
    if (!isRunning) void run()
  }
}
