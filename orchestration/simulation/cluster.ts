import type { Broker, Codec } from '#messaging'
import type { Logger } from '#observability'
import type { Participant } from '../participant.ts'
import { type RunningParticipant, runParticipant } from '../run-participant.ts'
import type { Store } from '../store.ts'
import { type SimulatedProcess, simulatedProcess } from './process.ts'
import { simulatedBroker } from './simulated-broker.ts'
import { simulatedStore } from './simulated-store.ts'
import type { World } from './world.ts'

/** The processes of all participants, and what happens to them. */
export type Cluster = {
  /** Faults end: nobody dies any more, who is away comes back, and clocks are right again. */
  calm(): void
}

export type ClusterOptions = {
  /** By name: a participant as one of its processes runs it. The calls of its effects go through this process. */
  readonly participants: Readonly<Record<string, (process: SimulatedProcess) => Participant>>
  readonly codec: Codec
  /** What a process stands on. Default: the world's broker, and its participant's store. */
  readonly servers?: (process: SimulatedProcess) => { readonly broker: Broker; readonly store: Store }
}

type Member = { readonly process: SimulatedProcess; running?: RunningParticipant; leaving: boolean }

/** The processes of one participant. `wanted`: how many somebody keeps alive. */
type Crew = { readonly participant: string; readonly members: Set<Member>; wanted: number }

/** Milliseconds until a process that died is followed by another one. */
const restart = { least: 100, most: 4_000 }
const longestStall = 12_000
const largestJump = 20_000
const mostProcesses = 3

/** Runs every participant, in one process at first, until the simulation is over; after that nobody needs to stop them. */
export function startCluster(world: World, options: ClusterOptions): Cluster {
  const { scheduler, faults, broker, storeOf } = world
  const { participants, codec } = options
  const { servers = ({ participant }) => ({ broker, store: storeOf(participant) }) } = options
  const random = world.random.fork('cluster')
  const crews = Object.keys(participants).map(
    (participant): Crew => ({ participant, members: new Set(), wanted: 1 }),
  )
  let started = 0
  let isCalm = false

  function start(crew: Crew): void {
    const { participant, members } = crew
    const process = simulatedProcess(world, participant, `${participant}#${++started}`)
    const member: Member = { process, leaving: false }
    members.add(member)
    process.onDeath(() => {
      members.delete(member)
      const ms = random.between(restart.least, restart.most)
      scheduler.after(ms, `${participant} is looked after`, () => members.size < crew.wanted && start(crew))
    })
    void run(member)
  }

  /** A process whose participant cannot start, or has failed for good, ends: as it does in production. */
  async function run(member: Member): Promise<void> {
    const { process } = member
    const server = servers(process)
    try {
      const part = participants[process.participant]?.(process) as Participant
      member.running = await runParticipant(part, {
        broker: simulatedBroker(world, process, server.broker),
        store: simulatedStore(process, server.store),
        codec,
        clock: process.clock,
        random: process.random.next,
        runId: process.name,
        log: traceLog(world, process),
        onFatal: process.kill,
      })
    } catch {
      process.kill()
    }
  }

  async function leave(crew: Crew, member: Member): Promise<void> {
    if (!member.running) return
    member.leaving = true
    crew.wanted--
    await member.running.stop().finally(member.process.kill)
  }

  /** What may happen to any process in a second of its life. */
  function disturb(crew: Crew, member: Member): void {
    const { participant, members } = crew
    const { process } = member
    if (faults.strikes('stall', participant)) process.stall(random.between(200, longestStall))
    if (faults.strikes('clock jump', participant)) process.setClock(random.between(-largestJump, largestJump))
    const staying = [...members].filter(({ leaving }) => !leaving)
    if (!member.leaving && staying.length > 1 && faults.strikes('leave', participant))
      void leave(crew, member)
  }

  function everySecond(): void {
    for (const crew of crews) {
      for (const member of [...crew.members]) disturb(crew, member)
      if (crew.members.size < mostProcesses && faults.strikes('join', crew.participant)) {
        crew.wanted++
        start(crew)
      }
    }
    if (!isCalm) scheduler.after(1_000, 'a second has passed', everySecond)
  }

  for (const crew of crews) start(crew)
  everySecond()

  return {
    calm() {
      isCalm = true
      faults.end()
      for (const { members } of crews) for (const { process } of members) process.setClock(0)
    },
  }
}

/** What a process logs stands in the trace, between what it does. */
function traceLog({ scheduler }: World, { name }: SimulatedProcess): Logger {
  const line: Logger['info'] = (message, fields) =>
    scheduler.note(`${name}: ${message}${fields?.error === undefined ? '' : ` (${fields.error})`}`)
  const log: Logger = { debug() {}, info: line, warn: line, error: line, child: () => log }
  return log
}
