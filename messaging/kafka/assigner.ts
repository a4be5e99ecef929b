import type { PartitionAssigner } from 'kafkajs'
import { coPartitionedAssignment } from '../co-partitioning.ts'
import { commonPartitions } from '../topics.ts'
import kafkajs from './kafkajs.ts'

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol
const VERSION = 1

/**
 * Gives partition p of all topics to one member, so that everything about one key meets in one process. Each member says in its
 * join request what it owns, so that a rebalance moves as little as it can. `owned` is asked at each join.
 */
export function coPartitionedAssigner(owned: () => readonly number[]): PartitionAssigner {
  return ({ cluster }) => ({
    name: 'chorus-co-partitioned',
    version: VERSION,

    protocol({ topics }) {
      const userData = Buffer.from(JSON.stringify(owned()))
      return { name: this.name, metadata: MemberMetadata.encode({ version: VERSION, topics, userData }) }
    },

    async assign({ members, topics }) {
      const counts = topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length] as const)
      const partitions = commonPartitions(topics, new Map(counts))
      const joined = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        metadata: MemberMetadata.decode(memberMetadata),
      }))
      const assignment = coPartitionedAssignment(
        joined.map(({ memberId, metadata }) => ({ member: memberId, owned: claim(metadata?.userData) })),
        partitions,
      )
      // A member gets only topics that it knows: while a deployment adds a topic, old members have not subscribed to it.
      return joined.map(({ memberId, metadata }) => {
        const given = [...(assignment.get(memberId) ?? [])]
        const byTopic = Object.fromEntries((metadata?.topics ?? []).map((topic) => [topic, given]))
        return {
          memberId,
          memberAssignment: MemberAssignment.encode({
            version: VERSION,
            assignment: byTopic,
            userData: Buffer.alloc(0),
          }),
        }
      })
    },
  })
}

function claim(userData: Buffer | undefined): readonly number[] {
  return userData && userData.length > 0 ? JSON.parse(userData.toString()) : []
}
