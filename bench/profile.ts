/** The part of a `.cpuprofile` that is read here. */
export type CpuProfile = {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
    readonly children?: readonly number[]
  }[]
  /** Microseconds of the monotonic clock. */
  readonly startTime: number
  readonly samples: readonly number[]
  /** Microseconds since the sample before, or since the start. */
  readonly timeDeltas: readonly number[]
}

/** A function and the time that it took. `part`: of all time that was not idle. */
export type FunctionTime = {
  readonly name: string
  readonly place: string
  readonly ms: number
  readonly part: number
}

/** Microseconds of the monotonic clock. */
export type Window = { readonly from: number; readonly to: number }

/** The profiler looks every millisecond; when it comes later than this, the machine had no core for the thread, and that time is nobody's. */
const longestSampleUs = 2_000

/** Functions by the time in which they were on top of the stack themselves, the longest first. */
export function selfTimes(profile: CpuProfile, window: Window): FunctionTime[] {
  const busy = busyTimes(profile, window)
  return ranked(
    profile.nodes.map((node) => ({ function: functionOf(node.callFrame), us: busy.get(node.id) ?? 0 })),
  )
}

/** Functions by the time in which they were anywhere on the stack, the longest first. What they awaited is not theirs. */
export function totalTimes(profile: CpuProfile, window: Window): FunctionTime[] {
  const busy = busyTimes(profile, window)
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const found: Found[] = []

  /** A function that calls itself counts once. */
  function walk(id: number, above: ReadonlySet<string>): number {
    const node = nodes.get(id)
    if (!node) return 0
    const own = functionOf(node.callFrame)
    const key = keyOf(own)
    const stack = new Set(above).add(key)
    const us = (node.children ?? []).reduce((sum, child) => sum + walk(child, stack), busy.get(id) ?? 0)
    if (!above.has(key)) found.push({ function: own, us })
    return us
  }

  const [root] = profile.nodes
  const all = root ? walk(root.id, new Set()) : 0
  return ranked(found, all)
}

/** Self times, added up by package of npm, by library of Node, by room of ours, or by what the engine itself did. */
export function byPackage(functions: readonly FunctionTime[]): { name: string; part: number }[] {
  const parts = new Map<string, number>()
  for (const { name, place, part } of functions) {
    const owner = ownerOf(place, name)
    parts.set(owner, (parts.get(owner) ?? 0) + part)
  }
  return [...parts].map(([name, part]) => ({ name, part })).sort((a, b) => b.part - a.part)
}

/** Microseconds by node, idle time left out. */
function busyTimes(profile: CpuProfile, { from, to }: Window): Map<number, number> {
  const idle = new Set(
    profile.nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  )
  const times = new Map<number, number>()
  let at = profile.startTime
  for (const [index, node] of profile.samples.entries()) {
    const us = profile.timeDeltas[index] ?? 0
    at += us
    if (idle.has(node) || at < from || at >= to) continue
    times.set(node, (times.get(node) ?? 0) + Math.min(us, longestSampleUs))
  }
  return times
}

type Function = Pick<FunctionTime, 'name' | 'place'>
type Found = { readonly function: Function; readonly us: number }

function ranked(found: readonly Found[], all = found.reduce((sum, { us }) => sum + us, 0)): FunctionTime[] {
  const groups = Map.groupBy(found, (one) => keyOf(one.function))
  return [...groups.values()]
    .map((some) => {
      const us = some.reduce((sum, one) => sum + one.us, 0)
      return { ...(some[0] as Found).function, ms: us / 1_000, part: us / all }
    })
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms)
}

const keyOf = ({ name, place }: Function) => `${name} ${place}`

const root = new URL('..', import.meta.url).href

/** Within the repository, the path from its root; empty for what is no JavaScript. */
function functionOf({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): Function {
  const place = url === '' ? '' : `${url.replace(root, '')}:${lineNumber + 1}`
  return { name: functionName || '(anonymous)', place }
}

function ownerOf(place: string, name: string): string {
  const [, dependency] = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(place) ?? []
  if (dependency) return dependency
  if (place === '') return name.startsWith('(') ? name : '(native)'
  const [library] = /^node:(internal\/deps\/\w+|internal\/\w+|\w+)/.exec(place) ?? []
  return library ?? place.split('/')[0] ?? place
}
