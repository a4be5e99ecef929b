import { useMemo } from 'react'
import type { PartStatus } from '../../../services/tracker/api.ts'
import { Diagram } from '../../diagram/Diagram.tsx'
import { machineOf } from '../../diagram/machine.ts'
import { Fold } from '../../elements/Fold.tsx'
import { Icon, type IconName } from '../../elements/Icon.tsx'
import { Status, type Tone } from '../../elements/Status.tsx'
import type { Lane } from './lanes.ts'
import { Pending } from './Pending.tsx'

const statuses: Readonly<Record<PartStatus, readonly [word: string, icon: IconName, tone: Tone]>> = {
  unstarted: ['not begun', 'clock', 'calm'],
  active: ['active', 'running', 'accent'],
  done: ['done', 'check', 'good'],
  error: ['stopped with an error', 'stuck', 'bad'],
  stopped: ['stopped', 'pause', 'warn'],
}

/** A participant: its machine with the way that it went, and what it waits for. */
export function LaneHead({ lane: { participant, part, definition } }: { readonly lane: Lane }) {
  const machine = useMemo(() => definition && machineOf(definition.definition), [definition])
  const [word, icon, tone] = statuses[part?.status ?? 'unstarted']
  return (
    <div className="lane-head">
      <header className="row spread">
        <h2>{participant}</h2>
        <span className="row">
          {definition && <span className="soft small">v{part?.version ?? definition.version}</span>}
          <Status icon={icon} tone={tone}>
            {word}
          </Status>
        </span>
      </header>
      {machine ? (
        <Fold word="States">
          <Diagram machine={machine} path={part?.path ?? []} name={participant} />
        </Fold>
      ) : (
        <p className="soft small lane-unknown">
          <Icon name="braces" size={14} /> Its machine is not known yet: the service publishes it when it
          starts.
        </p>
      )}
      {part && <Pending part={part} />}
    </div>
  )
}
