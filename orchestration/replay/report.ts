import { stateName } from '../tracker/machine-definition.ts'
import type { Divergence } from './replay.ts'

/** Divergences of one kind: the same row of the machine, whatever saga came by it. */
export type DivergenceGroup = { readonly first: Divergence; readonly sagas: number }

/** By participant, version, state, cause and what differs; the most frequent first. */
export function grouped(divergences: readonly Divergence[]): DivergenceGroup[] {
  const groups = Map.groupBy(divergences, ({ participant, version, before, on, path }) =>
    JSON.stringify([participant, version, before, on, path]),
  )
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group
      return first ? [{ first, sagas: new Set(group.map(({ sagaId }) => sagaId)).size }] : []
    })
    .sort((a, b) => b.sagas - a.sagas)
}

/** A divergence as a sentence: which saga, which row, what was expected and what was found. */
export function sentenceOf(divergence: Divergence): string {
  const { participant, sagaId, seq, version, migratedAfter, before, on, path, expected, found } = divergence
  const state = before === null ? 'not started' : `in ${stateName(before)}`
  const migrated = migratedAfter === undefined ? '' : `, migrated after row ${migratedAfter}`
  return `${participant}, saga ${sagaId}, row ${seq} of version ${version}${migrated}: ${state}, on ${on}: ${path} expected ${told(expected)}, found ${told(found)}`
}

function told(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}

/** What to do about divergences: the two ways on. */
export function twoWaysOn(participant: string, version: string): string {
  return [
    `Sagas of version ${version} of "${participant}" that are under way would leave their path. Give the changed machine a version of its own; then there are two ways on:`,
    `  - keep the machine of version ${version} beside it, so that its sagas go on with that:  earlier: { '${version}': { machine } }`,
    `  - or say what a stored state becomes, so that its sagas go on with the new one:  migrate: { '${version}': (state) => state }`,
  ].join('\n')
}
