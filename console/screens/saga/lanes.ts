import type { DefinitionView, PartView, SagaView, StepView } from '../../../services/tracker/api.ts'

/** A participant's column. `part` is missing while it has not been asked to do anything. */
export type Lane = {
  readonly participant: string
  readonly part: PartView | undefined
  readonly definition: DefinitionView | undefined
}

/** Columns for all that have a part in the saga, and for those who listen to what these may say and may still begin theirs. */
export function lanesOf({ parts }: SagaView, definitions: readonly DefinitionView[]): Lane[] {
  const begun = parts.map((part) => ({
    participant: part.participant,
    part,
    definition: definitionOf(part, definitions),
  }))
  const sayable = new Set(begun.flatMap(({ definition }) => definition?.emits ?? []))
  const expected = definitions.filter(
    ({ participant, listensTo }) =>
      !parts.some((part) => part.participant === participant) &&
      listensTo.some(({ type }) => sayable.has(type)),
  )
  const versions = Map.groupBy(expected, ({ participant }) => participant)
  return [
    ...begun,
    ...[...versions].map(([participant, own]) => ({ participant, part: undefined, definition: newest(own) })),
  ]
}

/** Its name among the steps of the saga, and in the address. */
export function nameOf({ participant, seq }: Pick<StepView, 'participant' | 'seq'>): string {
  return `${participant}:${seq}`
}

/** The part's own version, as long as it is known. */
function definitionOf(
  { participant, version }: PartView,
  definitions: readonly DefinitionView[],
): DefinitionView | undefined {
  const own = definitions.filter((definition) => definition.participant === participant)
  return own.find((definition) => definition.version === version) ?? newest(own)
}

function newest(definitions: readonly DefinitionView[]): DefinitionView | undefined {
  return definitions.toSorted((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true })).at(-1)
}
