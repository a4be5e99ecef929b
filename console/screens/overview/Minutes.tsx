import { useMemo } from 'react'
import type { Overview } from '../../../services/tracker/api.ts'
import { Chart } from '../../elements/Chart.tsx'
import { sinceBusy } from './minutes.ts'

/** How many sagas began, ended and turned back, minute by minute. */
export function Minutes({ minutes }: { readonly minutes: Overview['minutes'] }) {
  const { times, lines } = useMemo(() => {
    const shown = sinceBusy(minutes)
    return {
      times: shown.map(({ minute }) => Date.parse(minute) / 1_000),
      lines: [
        { label: 'started', colour: '--accent', kind: 'area', values: shown.map(({ started }) => started) },
        { label: 'ended', colour: '--good', values: shown.map(({ ended }) => ended) },
        {
          label: 'compensated',
          colour: '--warn',
          kind: 'bars',
          values: shown.map(({ compensated }) => compensated),
        },
      ] as const,
    }
  }, [minutes])
  const last = minutes.at(-2) ?? minutes.at(-1)
  return (
    <section className="panel">
      <header>
        <h2>Sagas per minute</h2>
        {last && (
          <span className="soft small">
            last full minute: {last.started} started · {last.ended} ended · {last.compensated} compensated
          </span>
        )}
      </header>
      <div className="panel-body">
        <Chart title="Sagas per minute" times={times} lines={lines} height={196} />
      </div>
    </section>
  )
}
