import { type Liveliness, togglePause, useLiveliness } from '../api/live.ts'
import { useClock } from '../elements/clock.ts'
import { Icon } from '../elements/Icon.tsx'
import type { Clock } from '../format/durations.ts'
import { type Theme, useTheme } from './theme.ts'

const themes: readonly Theme[] = ['system', 'light', 'dark']
const clocks: readonly Clock[] = ['relative', 'utc', 'local']

/** Live or paused, the clock, the theme and the help. */
export function Controls({ onHelp }: { readonly onHelp: () => void }) {
  const [theme, setTheme] = useTheme()
  const [clock, setClock] = useClock()
  return (
    <div className="controls">
      <Live />
      <button
        type="button"
        className="button quiet clock"
        title="How times are shown"
        aria-label={`Times are ${clock}: change`}
        onClick={() => setClock(after(clocks, clock))}
      >
        <Icon name="clock" size={15} />
        <span className="control-word">{clock === 'utc' ? 'UTC' : clock}</span>
      </button>
      <button
        type="button"
        className="button quiet"
        title={`Theme: ${theme}`}
        aria-label={`Theme is ${theme}: change`}
        onClick={() => setTheme(after(themes, theme))}
      >
        <Icon name={theme === 'light' ? 'sun' : theme === 'dark' ? 'moon' : 'system'} size={15} />
      </button>
      <button
        type="button"
        className="button quiet"
        title="Keys"
        aria-label="Help: the keys"
        onClick={onHelp}
      >
        <kbd>?</kbd>
      </button>
    </div>
  )
}

const words: Readonly<Record<Liveliness['state'], string>> = {
  connecting: 'Connecting',
  live: 'Live',
  polling: 'Every 5 s',
  paused: 'Paused',
}

function Live() {
  const { state, missed } = useLiveliness()
  const isPaused = state === 'paused'
  return (
    <button
      type="button"
      className={`button live ${state}`}
      aria-pressed={isPaused}
      title={isPaused ? 'Go on (p)' : 'Pause (p)'}
      onClick={togglePause}
    >
      <span className="live-dot" />
      {words[state]}
      {isPaused && missed > 0 && <span className="count">{missed}</span>}
      <Icon name={isPaused ? 'play' : 'pause'} size={13} />
    </button>
  )
}

function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length] as T
}
