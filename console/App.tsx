import { useEffect, useRef } from 'react'
import type { ConsoleSettings } from '../services/tracker/api.ts'
import { SettingsContext, useSettings } from './api/settings.ts'
import { useQuery } from './api/use-query.ts'
import { Empty } from './elements/Empty.tsx'
import { Frame } from './frame/Frame.tsx'
import { screens } from './frame/screens.ts'
import { type Route, routeOf, type Screen } from './router/address.ts'
import { Link } from './router/Link.tsx'
import { usePath } from './router/location.ts'
import { ContractsScreen } from './screens/contracts/ContractsScreen.tsx'
import { DeadLettersScreen } from './screens/dead-letters/DeadLettersScreen.tsx'
import { LagScreen } from './screens/lag/LagScreen.tsx'
import { OverviewScreen } from './screens/overview/OverviewScreen.tsx'
import { ResolveScreen } from './screens/resolve/ResolveScreen.tsx'
import { SagaScreen } from './screens/saga/SagaScreen.tsx'
import { SagasScreen } from './screens/sagas/SagasScreen.tsx'
import { StuckScreen } from './screens/stuck/StuckScreen.tsx'
import { SupportScreen } from './screens/support/SupportScreen.tsx'
import { TopologyScreen } from './screens/topology/TopologyScreen.tsx'

export function App() {
  const unknown = useSettings()
  const { data: settings = unknown } = useQuery<ConsoleSettings>('/settings')
  const path = usePath()
  const route = routeOf(path)
  useArrival(path, route)
  return (
    <SettingsContext value={settings}>
      <Frame screen={screenOf(route)}>{shown(route)}</Frame>
    </SettingsContext>
  )
}

function shown(route: Route) {
  switch (route.screen) {
    case 'overview':
      return <OverviewScreen />
    case 'sagas':
      return <SagasScreen />
    case 'saga':
      return <SagaScreen key={route.sagaId} sagaId={route.sagaId} />
    case 'find':
      return <ResolveScreen key={route.key} id={route.key} />
    case 'support':
      return <SupportScreen key={route.key} id={route.key} />
    case 'stuck':
      return <StuckScreen />
    case 'dead-letters':
      return <DeadLettersScreen />
    case 'lag':
      return <LagScreen />
    case 'topology':
      return <TopologyScreen />
    case 'contracts':
      return <ContractsScreen />
    case 'nothing':
      return (
        <>
          <h1 tabIndex={-1} className="hidden-visually">
            Not found
          </h1>
          <Empty icon="search" title={`There is no ${route.path} here.`}>
            <Link to="/">Go to the overview</Link>
          </Empty>
        </>
      )
  }
}

function screenOf({ screen }: Route): Screen | null {
  if (screen === 'nothing' || screen === 'support') return null
  return screen === 'saga' || screen === 'find' ? 'sagas' : screen
}

function titleOf(route: Route): string {
  switch (route.screen) {
    case 'saga':
      return `Saga ${route.sagaId}`
    case 'find':
      return `Looking for ${route.key}`
    case 'support':
      return `How far is ${route.key}?`
    default:
      return screens.find(({ screen }) => screen === route.screen)?.word ?? 'Not found'
  }
}

/** A new screen gets its title and the focus, as a new page would. */
function useArrival(path: string, route: Route): void {
  const last = useRef(path)
  useEffect(() => {
    document.title = `${titleOf(route)} · Chorus`
    if (last.current === path) return
    last.current = path
    scrollTo(0, 0)
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
  }, [path, route])
}
