/**
 * Makes one call of many: what is asked while a call is under way goes together into the next. A call that fails fails for all whose
 * items it had; `work` answers in the order of its items.
 */
export function together<Item, Answer>(
  work: (items: readonly Item[]) => Promise<readonly Answer[]>,
): (item: Item) => Promise<Answer> {
  type Asked = { readonly item: Item; resolve(answer: Answer): void; reject(error: unknown): void }
  let queue: Asked[] = []
  let running = false

  async function run(): Promise<void> {
    running = true
    while (queue.length > 0) {
      const batch = queue
      queue = []
      await work(batch.map(({ item }) => item)).then(
        (answers) => batch.forEach(({ resolve }, i) => void resolve(answers[i] as Answer)),
        (error) => batch.forEach(({ reject }) => void reject(error)),
      )
    }
    running = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      queue.push({ item, resolve, reject })
      if (!running) void run()
    })
}
