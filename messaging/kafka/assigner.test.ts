import { describe, expect, test } from '@jest/globals'
import kafkajs, { type Cluster, type PartitionMetadata } from 'kafkajs'
import { coPartitionedAssigner } from './assigner.ts'

const { MemberAssignment } = kafkajs.AssignerProtocol

type Joining = { readonly memberId: string; readonly owned: readonly number[]; readonly topics?: string[] }

/** What a leader gives to members who join with these claims; the cluster has topics with these numbers of partitions. */
async function assign(partitions: Readonly<Record<string, number>>, joining: readonly Joining[]) {
  const cluster = {
    findTopicPartitionMetadata: (topic: string) =>
      Array.from(
        { length: partitions[topic] ?? 0 },
        (_, partitionId) => ({ partitionId }) as PartitionMetadata,
      ),
  } as unknown as Cluster
  const topics = Object.keys(partitions)
  const of = (owned: readonly number[]) =>
    coPartitionedAssigner(() => owned)({ cluster, groupId: 'g', logger: undefined as never })
  const members = joining.map(({ memberId, owned, topics: subscribed = topics }) => ({
    memberId,
    memberMetadata: of(owned).protocol({ topics: subscribed }).metadata,
  }))
  const answers = await of([]).assign({ members, topics })
  return Object.fromEntries(
    answers.map((answer) => [answer.memberId, MemberAssignment.decode(answer.memberAssignment)?.assignment]),
  )
}

describe('the assigner', () => {
  test('gives a member the same partitions of every topic', async () => {
    const given = await assign({ t: 3, u: 3 }, [
      { memberId: 'a', owned: [] },
      { memberId: 'b', owned: [] },
    ])
    expect(given).toEqual({ a: { t: [0, 1], u: [0, 1] }, b: { t: [2], u: [2] } })
  })

  test('leaves members what their join requests say that they own', async () => {
    const given = await assign({ t: 4 }, [
      { memberId: 'a', owned: [] },
      { memberId: 'b', owned: [1, 3] },
      { memberId: 'c', owned: [0] },
    ])
    expect(given).toEqual({ a: { t: [2] }, b: { t: [1, 3] }, c: { t: [0] } })
  })

  test('gives a member only topics that it knows', async () => {
    const given = await assign({ t: 2, added: 2 }, [
      { memberId: 'new', owned: [1] },
      { memberId: 'old', owned: [0], topics: ['t'] },
    ])
    expect(given).toEqual({ new: { t: [1], added: [1] }, old: { t: [0] } })
  })

  test('refuses when a topic has grown and the others have not', async () => {
    await expect(assign({ t: 4, u: 6 }, [{ memberId: 'a', owned: [] }])).rejects.toThrow('t has 4, u has 6')
  })
})
