import type { Logger } from '#observability'

/** Warns of what stays as it is, once for each sentence, however often it comes up. */
export function remarks(log: Logger): (sentence: string) => void {
  const said = new Set<string>()
  return (sentence) => {
    if (said.has(sentence)) return
    said.add(sentence)
    log.warn(sentence)
  }
}
