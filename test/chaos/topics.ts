import { topics } from '#contracts'

/** What participants say to each other and to the tracker: all but dead letters and definitions. */
export const keyedTopics: readonly string[] = topics
  .filter(({ partitions, name }) => partitions > 1 && !name.endsWith('.dlt'))
  .map(({ name }) => name)

/** Those in which every order is spoken of. */
export const conversationTopics: readonly string[] = keyedTopics.filter(
  (name) => name.endsWith('.events') || name.endsWith('.commands'),
)
