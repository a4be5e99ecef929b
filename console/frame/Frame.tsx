import { type ReactNode, useRef, useState } from 'react'
import type { Overview } from '../../services/tracker/api.ts'
import { useSettings } from '../api/settings.ts'
import { useQuery } from '../api/use-query.ts'
import { Icon } from '../elements/Icon.tsx'
import { pathOf, type Screen } from '../router/address.ts'
import { Link } from '../router/Link.tsx'
import { Controls } from './Controls.tsx'
import { Help } from './Help.tsx'
import { useKeys } from './keys.ts'
import { Search } from './Search.tsx'
import { screens } from './screens.ts'
import './frame.css'

/** What stands around every screen: where one is, how to get elsewhere, and whether what is seen is live. */
export function Frame({
  screen,
  children,
}: {
  readonly screen: Screen | null
  readonly children: ReactNode
}) {
  const [isHelping, setHelping] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  useKeys({ onSearch: () => search.current?.focus(), onHelp: () => setHelping(true) })
  return (
    <div className="frame">
      <a className="skip" href="#screen">
        Skip to the content
      </a>
      <header className="bar">
        <Brand />
        <Search field={search} />
        <Controls onHelp={() => setHelping(true)} />
      </header>
      <Navigation current={screen} />
      <main id="screen" tabIndex={-1}>
        {children}
      </main>
      {isHelping && <Help onClose={() => setHelping(false)} />}
    </div>
  )
}

function Brand() {
  const { environment } = useSettings()
  return (
    <div className="brand">
      <Link to="/" aria-label="Chorus, overview">
        <svg width="22" height="22" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" fill="var(--accent-fill)" />
          <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
            <path d="M8 11h7c4 0 4 10 8 10h1" />
            <path d="M8 21h5M20 11h4" opacity=".7" />
          </g>
        </svg>
        <span>Chorus</span>
      </Link>
      {environment && (
        <span className={/^prod/i.test(environment) ? 'tag environment is-production' : 'tag environment'}>
          {environment}
        </span>
      )}
    </div>
  )
}

function Navigation({ current }: { readonly current: Screen | null }) {
  const { data } = useQuery<Overview>('/overview', ({ type }) => type === 'sagas' || type === 'dead-letters')
  const counts: Partial<Record<Screen, number>> = data
    ? {
        sagas: data.counts.running + data.counts.waiting,
        stuck: data.stuck,
        'dead-letters': data.deadLetters,
      }
    : {}
  return (
    <nav className="navigation" aria-label="Screens">
      <ul>
        {screens.map(({ screen, word, icon }) => (
          <li key={screen}>
            <Link to={pathOf({ screen })} aria-current={screen === current ? 'page' : undefined}>
              <Icon name={icon} />
              {word}
              {(counts[screen] ?? 0) > 0 && (
                <span className={screen === 'sagas' ? 'count' : 'count is-bad'}>
                  {counts[screen]?.toLocaleString('en')}
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
