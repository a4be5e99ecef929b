import type { Check, Footprint, Violation } from './evidence.ts'

const invariant = 'I4'

/** Replaying all topics into the live services changes nothing. Says nothing about a run that was not replayed: that is for I12. */
export const replay: Check = ({ run }) => {
  if (!run.replay) return []
  const { before, after } = run.replay
  return [
    ...changed(before.rows, after.rows, 'the number of rows'),
    ...changed(before.heads, after.heads, 'the head'),
    ...changed(before.stories, after.stories, 'the story'),
    ...(before.ledgerEntries === after.ledgerEntries
      ? []
      : [{ invariant, says: `the replay made ${after.ledgerEntries - before.ledgerEntries} calls outside` }]),
  ]
}

function changed(
  before: Footprint['rows'] | Footprint['heads'],
  after: Footprint['rows'] | Footprint['heads'],
  what: string,
): Violation[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => before[key] !== after[key])
    .map((key) => ({
      invariant,
      sagaId: key.slice(key.indexOf('/') + 1),
      says: `the replay changed ${what} of ${key}`,
    }))
}
