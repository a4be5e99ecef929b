import type { Position, TopicPartition } from '../broker.ts'
import { coPartitionedAssignment } from '../co-partitioning.ts'

/** A member as its group sees it: told its partitions whenever somebody joins or leaves. */
export type Member = { assign(partitions: readonly number[]): void }

/** A consumer group of a memory broker: who owns which partition number, and how far each partition is committed. */
export type MemoryGroup = {
  join(member: Member): void
  leave(member: Member): void
  /** Stores the positions of partitions that the member owns; the others are dropped, as after a rebalance. */
  commit(member: Member, positions: readonly Position[]): void
  committed(partition: TopicPartition): bigint | undefined
  size(): number
}

/** `partitions`: the number that all topics of the group have in common. */
export function memoryGroup(partitions: number): MemoryGroup {
  const members = new Map<Member, { id: string; owned: readonly number[] }>()
  const offsets = new Map<string, bigint>()
  let joined = 0

  function rebalance(): void {
    const claims = [...members.values()].map(({ id, owned }) => ({ member: id, owned }))
    const assignment = coPartitionedAssignment(claims, partitions)
    for (const state of members.values()) state.owned = assignment.get(state.id) ?? []
    for (const [member, { owned }] of members) member.assign(owned)
  }

  return {
    join(member) {
      joined += 1
      members.set(member, { id: `member-${String(joined).padStart(6, '0')}`, owned: [] })
      rebalance()
    },
    leave(member) {
      if (members.delete(member)) rebalance()
    },
    commit(member, positions) {
      const owned = members.get(member)?.owned ?? []
      for (const { topic, partition, offset } of positions) {
        if (owned.includes(partition)) offsets.set(`${topic}/${partition}`, offset)
      }
    },
    committed: ({ topic, partition }) => offsets.get(`${topic}/${partition}`),
    size: () => members.size,
  }
}
