import { useRef } from 'react'
import type { SagaView } from '../../../services/tracker/api.ts'
import { absolute, duration } from '../../format/durations.ts'
import { Connections } from './Connections.tsx'
import { LaneHead } from './LaneHead.tsx'
import type { Lane } from './lanes.ts'
import { nameOf } from './lanes.ts'
import { StepCard } from './StepCard.tsx'

type StoryProps = {
  readonly view: SagaView
  readonly lanes: readonly Lane[]
  readonly selected: string | null
  readonly onSelect: (step: string | null) => void
}

/** A column for each participant: its machine on top, and below it what it did, in the order of the whole saga. */
export function Story({ view, lanes, selected, onSelect }: StoryProps) {
  const grid = useRef<HTMLDivElement>(null)
  const columns = `3.25rem repeat(${lanes.length}, minmax(15.5rem, 1fr))`
  const columnOf = (participant: string) => lanes.findIndex((lane) => lane.participant === participant) + 2
  return (
    <section className="panel story">
      <div className="story-scroll">
        <div className="story-heads" style={{ gridTemplateColumns: columns }}>
          <span />
          {lanes.map((lane) => (
            <LaneHead key={lane.participant} lane={lane} />
          ))}
        </div>
        <h2 className="hidden-visually">Time line</h2>
        <div className="story-steps" ref={grid} style={{ gridTemplateColumns: columns }}>
          <Connections grid={grid} timeline={view.timeline} selected={selected} />
          {lanes.map(({ participant }, i) => (
            <span
              key={participant}
              className="lane-ground"
              style={{ gridColumn: i + 2, gridRow: `1 / span ${view.timeline.length}` }}
            />
          ))}
          {view.timeline.map((step, i) => (
            <div key={nameOf(step)} className="story-row">
              <time
                className="story-time"
                dateTime={step.at}
                title={absolute(step.at)}
                style={{ gridRow: i + 1 }}
              >
                +{duration(Date.parse(step.at) - Date.parse(view.beganAt))}
              </time>
              <div className="story-cell" style={{ gridRow: i + 1, gridColumn: columnOf(step.participant) }}>
                <StepCard
                  step={step}
                  isSelected={nameOf(step) === selected}
                  onSelect={() => onSelect(nameOf(step) === selected ? null : nameOf(step))}
                />
              </div>
            </div>
          ))}
        </div>
      </div>
    </section>
  )
}
