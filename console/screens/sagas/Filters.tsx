import { type FormEvent, useEffect, useMemo, useState } from 'react'
import type { DefinitionView, Overview } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { machineOf, type State } from '../../diagram/machine.ts'
import { causes } from '../../elements/causes.ts'
import { Icon } from '../../elements/Icon.tsx'
import { setParams, useParam } from '../../router/location.ts'
import type { FilterName } from './filter.ts'

const states = ['', 'active', 'running', 'waiting', 'ended'] as const
const ages = [
  ['60000', 'older than 1 min'],
  ['900000', 'older than 15 min'],
  ['3600000', 'older than 1 h'],
  ['86400000', 'older than 1 d'],
] as const

/** Every filter stands in the address, so that a link shows the same list. */
export function Filters() {
  const { data: overview } = useQuery<Overview>('/overview')
  const { data } = useQuery<{ readonly definitions: readonly DefinitionView[] }>('/definitions')
  const definitions = data?.definitions ?? []
  const steps = useMemo(() => stepsOf(data?.definitions ?? []), [data])
  const versions = [...new Set(definitions.map(({ version }) => version))]
  return (
    <div className="filters">
      <StateFilter />
      <Words />
      <Choice
        name="cause"
        any="any cause"
        options={Object.entries(causes).map(([cause, { word }]) => [cause, word])}
      />
      <Choice name="step" any="any step" options={steps.map((step) => [step, step])} />
      <Choice
        name="ending"
        any="any ending"
        options={Object.keys(overview?.endings ?? {}).map((ending) => [ending, ending])}
      />
      <Choice name="olderThan" any="any age" options={ages} />
      {versions.length > 1 && (
        <Choice
          name="version"
          any="any version"
          options={versions.map((version) => [version, `version ${version}`])}
        />
      )}
      <Choice name="sort" any="oldest active first" options={[['newest', 'newest first']]} />
      <Overdue />
    </div>
  )
}

function StateFilter() {
  const [state] = useParam('state')
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere
    <div className="segments" role="group" aria-label="State">
      {states.map((value) => (
        <button
          key={value}
          type="button"
          aria-pressed={(state ?? '') === value}
          onClick={() => setParams({ state: value, cursor: null })}
        >
          {value === '' ? 'All' : value[0]?.toUpperCase() + value.slice(1)}
        </button>
      ))}
    </div>
  )
}

function Words() {
  const [asked] = useParam('q')
  const [text, setText] = useState(asked ?? '')
  useEffect(() => setText(asked ?? ''), [asked])
  function find(event: FormEvent): void {
    event.preventDefault()
    setParams({ q: text.trim(), cursor: null })
  }
  return (
    <form className="filter-words" onSubmit={find}>
      <Icon name="search" size={14} />
      <input
        className="input"
        type="search"
        value={text}
        placeholder="Id"
        aria-label="Id of anything in the saga"
        onChange={({ target }) => {
          setText(target.value)
          if (target.value === '') setParams({ q: null, cursor: null })
        }}
      />
    </form>
  )
}

type ChoiceProps = {
  readonly name: FilterName
  readonly any: string
  readonly options: readonly (readonly [value: string, word: string])[]
}

function Choice({ name, any, options }: ChoiceProps) {
  const [value] = useParam(name)
  const isListed = value === null || options.some(([option]) => option === value)
  return (
    <select
      className={value ? 'select is-set' : 'select'}
      aria-label={any}
      value={value ?? ''}
      onChange={({ target }) => setParams({ [name]: target.value, cursor: null })}
    >
      <option value="">{any}</option>
      {!isListed && <option value={value}>{value}</option>}
      {options.map(([option, word]) => (
        <option key={option} value={option}>
          {word}
        </option>
      ))}
    </select>
  )
}

function Overdue() {
  const [overdue] = useParam('overdue')
  return (
    <label className="row">
      <input
        type="checkbox"
        checked={overdue === 'true'}
        onChange={({ target }) => setParams({ overdue: target.checked ? 'true' : null, cursor: null })}
      />
      overdue
    </label>
  )
}

function stepsOf(definitions: readonly DefinitionView[]): string[] {
  const paths = (states: readonly State[]): string[] =>
    states.flatMap(({ path, children }) => (children.length === 0 ? [path] : paths(children)))
  const all = definitions.flatMap(({ participant, definition }) =>
    paths(machineOf(definition).states).map((path) => `${participant}.${path}`),
  )
  return [...new Set(all)].sort()
}
