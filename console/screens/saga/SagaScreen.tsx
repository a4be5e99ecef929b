import type { DefinitionView, SagaView } from '../../../services/tracker/api.ts'
import { useQuery } from '../../api/use-query.ts'
import { Answered } from '../../elements/Answered.tsx'
import { Empty } from '../../elements/Empty.tsx'
import { pathOf } from '../../router/address.ts'
import { Link } from '../../router/Link.tsx'
import { useParam } from '../../router/location.ts'
import { DataTab } from './DataTab.tsx'
import { Head } from './Head.tsx'
import { lanesOf, nameOf } from './lanes.ts'
import { StepDetails } from './StepDetails.tsx'
import { Story } from './Story.tsx'
import { TraceTab } from './TraceTab.tsx'
import './saga.css'

const tabs = ['story', 'trace', 'data'] as const

/** Why is it stuck? */
export function SagaScreen({ sagaId }: { readonly sagaId: string }) {
  const saga = useQuery<SagaView>(
    `/sagas/${encodeURIComponent(sagaId)}`,
    (change) => change.type === 'sagas' && (change.isPartial || change.sagaIds.includes(sagaId)),
  )
  const { data } = useQuery<{ readonly definitions: readonly DefinitionView[] }>('/definitions')
  if (saga.error?.code === 'saga-not-found') return <NotFound sagaId={sagaId} />
  return (
    <div className="stack">
      <h1 tabIndex={-1} className="hidden-visually">
        Saga {sagaId}
      </h1>
      <Answered query={saga}>
        {(view) => (
          <>
            <Head view={view} />
            <Tabs view={view} definitions={data?.definitions ?? []} />
          </>
        )}
      </Answered>
    </div>
  )
}

type TabsProps = { readonly view: SagaView; readonly definitions: readonly DefinitionView[] }

function Tabs({ view, definitions }: TabsProps) {
  const [chosen, choose] = useParam('tab')
  const [stepName, openStep] = useParam('step')
  const tab = tabs.find((one) => one === chosen) ?? 'story'
  const step = view.timeline.find((one) => nameOf(one) === stepName)
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere */}
      <div className="segments tabs" role="group" aria-label="Parts of the page">
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === tab}
            onClick={() => choose(one === 'story' ? null : one)}
          >
            {one === 'story' ? 'Story' : one === 'trace' ? 'Trace' : 'Data'}
          </button>
        ))}
      </div>
      {tab === 'story' && (
        <Story view={view} lanes={lanesOf(view, definitions)} selected={stepName} onSelect={openStep} />
      )}
      {tab === 'trace' && <TraceTab sagaId={view.sagaId} />}
      {tab === 'data' && <DataTab view={view} />}
      {step && <StepDetails step={step} timeline={view.timeline} onClose={() => openStep(null)} />}
    </>
  )
}

function NotFound({ sagaId }: { readonly sagaId: string }) {
  return (
    <>
      <h1 tabIndex={-1} className="hidden-visually">
        Saga not found
      </h1>
      <Empty icon="search" title={`No saga has the id ${sagaId}`}>
        It never came here, or it ended so long ago that its story was removed. Another id of it may be known:{' '}
        <Link to={pathOf({ screen: 'find', key: sagaId })}>search for it in all sagas</Link>.
      </Empty>
    </>
  )
}
