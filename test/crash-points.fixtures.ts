import { quiet, until } from '../orchestration/manual-clock.fixtures.ts'
import { audit } from './crash-audit.fixtures.ts'
import { type Bug, type Place, parts, startProcess } from './crash-processes.fixtures.ts'
import { createWorld, type Name, names, type World } from './crash-world.fixtures.ts'

/** A way that an order may take, by the magic values of the sandbox. */
export type Path = {
  readonly name: string
  readonly paymentToken: string
  readonly postcode: string
  /** The customer cancels once the payment is under way. */
  readonly cancels?: boolean
  /** What a person does, once, when a participant waits for one in this state. */
  readonly person?: { readonly waitedForBy: Name; readonly state: string; acts(world: World): Promise<void> }
  /** Where another path explores the way up to the person. */
  readonly from?: 'person'
  readonly ending: 'delivered' | 'declined' | 'cancelled' | 'writtenOff'
}

/** One occurrence of a place along a path: here the participant's process dies. */
export type Point = Place & { readonly nth: number }

/** How a path went. */
export type Played = {
  /** All that its first processes came by, on the part of the path that is to be explored. */
  readonly points: readonly Point[]
  readonly deaths: number
  readonly violations: readonly string[]
}

/** `twice`: the next process dies as well, when it first comes by the same place. */
type Options = { readonly crash?: Point; readonly twice?: boolean; readonly bug?: Bug }

/** Plays a path. A process that dies at `crash` is followed by a new one, on the same store and broker. */
export async function play(path: Path, { crash, twice, bug = {} }: Options = {}): Promise<Played> {
  const world = await createWorld(parts)
  const points: Point[] = []
  const processes: { kill(): Promise<void> }[] = []
  let deaths = 0
  let missing: Name | undefined
  let cancelled = false
  let acted = false
  let first = 0

  function die({ participant }: Place): boolean {
    deaths++
    missing = participant
    return true
  }

  function diesAt(place: Place): boolean {
    const nth = points.filter((point) => isAt(point, place)).length + 1
    points.push({ ...place, nth })
    return crash?.nth === nth && isAt(crash, place) && die(place)
  }

  function diesAgainAt(place: Place): boolean {
    return twice === true && deaths === 1 && crash !== undefined && isAt(crash, place) && die(place)
  }

  async function start(name: Name, dies: (place: Place) => boolean): Promise<void> {
    processes.push(await startProcess(world, name, { bug, diesAt: dies }))
  }

  async function goOn(): Promise<boolean> {
    const name = missing
    missing = undefined
    if (name) await start(name, diesAgainAt)
    if (path.cancels && !cancelled && world.rows.payment.length > 0) {
      cancelled = true
      await world.cancel()
    }
    if (path.person && !acted && world.scene()[path.person.waitedForBy] === path.person.state) {
      acted = true
      if (path.from === 'person') first = points.length
      await path.person.acts(world)
    }
    return world.isSettled()
  }

  for (const name of names) await start(name, diesAt)
  await world.place(path)
  const violations: string[] = []
  await until(world.clock, 'it is settled', goOn).catch((error) => violations.push(error.message))
  await quiet(world.clock, 20)
  if (crash && deaths === 0) violations.push('the path never came to this point')
  violations.push(...(await audit(world, path)))
  for (const process of processes) await process.kill()
  return { points: points.slice(first), deaths, violations }
}

/** Plays a path once to learn its points, then twice for each of them; a violation names its point. Stops at `enough` violations. */
export async function explore(
  path: Path,
  { bug = {}, enough = Number.POSITIVE_INFINITY }: { bug?: Bug; enough?: number } = {},
): Promise<Played> {
  const { points, violations } = await play(path, { bug })
  const found = violations.map((violation) => `${path.name}: ${violation}`)
  let deaths = 0
  for (const crash of points) {
    for (const twice of [false, true]) {
      if (found.length >= enough) return { points, deaths, violations: found }
      const played = await play(path, { crash, twice, bug })
      deaths += played.deaths
      const where = `${path.name}, ${nameOf(crash)}${twice ? ', and again' : ''}`
      found.push(...played.violations.map((violation) => `${where}: ${violation}`))
    }
  }
  return { points, deaths, violations: found }
}

function isAt(a: Place, b: Place): boolean {
  return a.participant === b.participant && a.moment === b.moment && a.act === b.act
}

function nameOf({ participant, moment, act, nth }: Point): string {
  return `${participant} dies ${moment} ${act} ${nth}`
}
