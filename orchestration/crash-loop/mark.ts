import type { BrokerRecord, PartitionLag } from '#messaging'

/** A record that is run alone. An owner that stands here and is gone died while it handled it. */
export type Attempt = {
  readonly topic: string
  readonly offset: string
  readonly owners: readonly string[]
}

/** Who owns a partition number, whether it was given back in good order, and what is known of deaths in it. */
export type Mark = {
  /** The partition number. */
  readonly _id: number
  /** Counts the writes: one is stored only on top of the one that was read. */
  readonly revision: number
  /** One run of one process. */
  readonly owner: string
  readonly released: boolean
  /** By topic: the committed offset behind which records waited when an owner was found to have vanished. */
  readonly stuckAt: Readonly<Record<string, string>>
  readonly attempts: readonly Attempt[]
}

/**
 * The part of the store port that keeps marks. As everywhere in it, a call rejects with a `RetryableError` when its outcome is unknown,
 * and may be repeated at any time.
 */
export type MarkStore = {
  /** The marks of these partition numbers; missing ones are absent. Order is not promised. */
  read(partitions: readonly number[]): Promise<readonly Mark[]>
  /**
   * One mark per partition at most. Stores those whose `revision` is one above the stored one's (any, when none is stored). One answer
   * per mark, in order: whether it is the one that is stored now; if not, somebody else was faster.
   */
  write(marks: readonly Mark[]): Promise<readonly boolean[]>
}

/** The mark as a new owner writes it; `undefined` when it is the owner's already. `waiting`: what was asked about, none for a clean take-over. */
export function takenOver(
  mark: Mark | undefined,
  owner: string,
  waiting: readonly PartitionLag[],
): Pick<Mark, 'owner' | 'released' | 'stuckAt' | 'attempts'> | undefined {
  if (mark && isOwn(mark, owner)) return undefined
  return {
    owner,
    released: false,
    stuckAt: mark && hasVanished(mark) ? positions(waiting) : (mark?.stuckAt ?? {}),
    attempts: mark ? openAttempts(mark, owner, waiting) : [],
  }
}

/** An owner writes a revision once: the same pair is the same write, also when its answer was lost. */
export function isSameWrite(stored: Mark | undefined, mark: Mark): boolean {
  return stored?.revision === mark.revision && stored.owner === mark.owner
}

/** Owned by this run, and by nobody since. */
export function isOwn(mark: Mark, owner: string): boolean {
  return mark.owner === owner && !mark.released
}

/** Asked by whoever is not the owner: the owner has not given the partition back. It may be dead, or about to notice. */
export function hasVanished(mark: Mark): boolean {
  return !mark.released
}

/**
 * Whether the records that wait are to be run one at a time: an owner has died at one that ran alone, or two owners in a row have
 * vanished and between them some topic's commits did not move.
 */
export function isLoop(mark: Mark, owner: string, waiting: readonly PartitionLag[]): boolean {
  if (openAttempts(mark, owner, waiting).length > 0) return true
  const now = positions(waiting)
  return hasVanished(mark) && Object.entries(now).some(([topic, offset]) => mark.stuckAt[topic] === offset)
}

/** The owners that have died at this record, as far as `owner` can know. */
export function diedAt(mark: Mark | undefined, record: BrokerRecord, owner: string): readonly string[] {
  const attempt = mark?.attempts.find((one) => isOf(one, record))
  return (attempt?.owners ?? []).filter((other) => other !== owner)
}

/** `owners`: those that stand at the record from now on; without any, it is cleared. */
export function withAttempt(mark: Mark | undefined, record: BrokerRecord, owners: readonly string[]) {
  const others = (mark?.attempts ?? []).filter((one) => !isOf(one, record))
  const { topic, offset } = record
  return owners.length === 0 ? others : [...others, { topic, offset: String(offset), owners }]
}

/** What an owner that lives and goes leaves behind: it died at nothing. `undefined` when it has left no trace. */
export function givenBack(mark: Mark | undefined, owner: string): Mark | undefined {
  if (!mark) return undefined
  const stands = mark.attempts.some(({ owners }) => owners.includes(owner))
  if (!stands && !isOwn(mark, owner)) return undefined
  return {
    ...mark,
    attempts: without(mark.attempts, owner),
    released: mark.released || mark.owner === owner,
  }
}

/** Of others than `owner`, at records that no commit covers. */
function openAttempts(mark: Mark, owner: string, waiting: readonly PartitionLag[]): readonly Attempt[] {
  const committed = new Map(waiting.map((at) => [at.topic, at.committed]))
  return without(mark.attempts, owner).filter(
    ({ topic, offset }) => BigInt(offset) >= (committed.get(topic) ?? 0n),
  )
}

function without(attempts: readonly Attempt[], owner: string): readonly Attempt[] {
  return attempts
    .map((attempt) => ({ ...attempt, owners: attempt.owners.filter((other) => other !== owner) }))
    .filter(({ owners }) => owners.length > 0)
}

function isOf(attempt: Attempt, { topic, offset }: BrokerRecord): boolean {
  return attempt.topic === topic && attempt.offset === String(offset)
}

function positions(waiting: readonly PartitionLag[]): Readonly<Record<string, string>> {
  const open = waiting.filter(({ lag }) => lag > 0n)
  return Object.fromEntries(open.map(({ topic, committed }) => [topic, String(committed)]))
}
