import { useState } from 'react'
import type { DeadLetters, LetterView } from '../../../services/tracker/api.ts'
import { useSettings } from '../../api/settings.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { Icon } from '../../elements/Icon.tsx'
import { pickParams } from '../../router/address.ts'
import { clearParams, setParams, useParam, useSearch } from '../../router/location.ts'
import { Groups } from './Groups.tsx'
import { LetterDetails } from './LetterDetails.tsx'
import { Letters } from './Letters.tsx'
import { Operations } from './Operations.tsx'
import { ResolveDialog } from './ResolveDialog.tsx'
import './dead-letters.css'

type Resolving = { readonly command: 'redrive' | 'discard'; readonly letters: readonly string[] }

const filterNames = ['group', 'code', 'type', 'saga', 'all']

/** What failed, and can it be replayed? */
export function DeadLettersScreen() {
  const search = useSearch()
  const filter = pickParams(search, filterNames)
  const letters = useQuery<DeadLetters>(`/dead-letters${filter}`, ({ type }) => type === 'dead-letters')
  const [opened, open] = useParam('letter')
  const [resolving, setResolving] = useState<Resolving | null>(null)
  return (
    <div className="stack">
      <Head isFiltered={filter !== ''} total={letters.data?.total} />
      <Answered query={letters}>
        {(data) =>
          data.total === 0 ? (
            <NoLetters isFiltered={filter !== ''} />
          ) : (
            <>
              <Groups groups={data.groups} />
              <Letters
                key={filter}
                list={filter}
                letters={data.letters}
                opened={opened}
                onOpen={open}
                onResolve={(command, chosen) => setResolving({ command, letters: chosen.map(idOf) })}
              />
            </>
          )
        }
      </Answered>
      <Operations />
      {opened && <LetterDetails key={opened} id={opened} onClose={() => open(null)} />}
      {resolving && <ResolveDialog {...resolving} onClose={() => setResolving(null)} />}
    </div>
  )
}

function Head({ isFiltered, total }: { readonly isFiltered: boolean; readonly total: number | undefined }) {
  const { isWritable } = useSettings()
  const [all] = useParam('all')
  return (
    <header className="screen-head">
      <h1 tabIndex={-1}>Dead letters</h1>
      {total !== undefined && <span className="soft">{total.toLocaleString('en')}</span>}
      {!isWritable && (
        <span
          className="tag"
          title="Start the tracker with CONSOLE_WRITE=true to redrive from here; the command line can always."
        >
          <Icon name="lock" size={12} />
          read-only
        </span>
      )}
      <div className="actions row">
        {isFiltered && (
          <button type="button" className="button quiet" onClick={clear}>
            Clear the filter
          </button>
        )}
        <label className="row">
          <input
            type="checkbox"
            checked={all === 'true'}
            onChange={({ target }) => setParams({ all: target.checked ? 'true' : null })}
          />
          resolved ones too
        </label>
      </div>
    </header>
  )
}

function NoLetters({ isFiltered }: { readonly isFiltered: boolean }) {
  return (
    <section className="panel">
      <Empty
        icon={isFiltered ? 'search' : 'check'}
        title={isFiltered ? 'No dead letter matches' : 'No dead letters'}
      >
        {isFiltered ? (
          <button type="button" className="button" onClick={clear}>
            Clear the filter
          </button>
        ) : (
          <>
            Every record could be handled. To see one: <code>npm run demo -- poison</code>
          </>
        )}
      </Empty>
    </section>
  )
}

function clear(): void {
  clearParams(filterNames)
}

function idOf({ id }: LetterView): string {
  return id
}
