import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type Claim, coPartitionedAssignment } from './co-partitioning.ts'

const PARTITIONS = 12

/** Any claims, also ones that contradict each other or name partitions that do not exist. */
const anyClaims = fc
  .uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 15 })
  .chain((members) =>
    fc.tuple(
      ...members.map((member) =>
        fc.record({
          member: fc.constant(member),
          owned: fc.uniqueArray(fc.integer({ min: 0, max: PARTITIONS + 3 })),
        }),
      ),
    ),
  )

describe('the co-partitioned assignment', () => {
  test('gives each partition to exactly one member, in shares that differ by one at most', () => {
    fc.assert(
      fc.property(anyClaims, (claims) => {
        const assignment = coPartitionedAssignment(claims, PARTITIONS)
        const given = [...assignment.values()]
        expect(given.flat().toSorted(ascending)).toEqual([...Array(PARTITIONS).keys()])
        const sizes = given.map(({ length }) => length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        expect([...assignment.keys()].toSorted()).toEqual(claims.map(({ member }) => member).toSorted())
      }),
    )
  })

  test('is the same whatever the order of the claims', () => {
    fc.assert(
      fc.property(anyClaims, (claims) => {
        const forth = coPartitionedAssignment(claims, PARTITIONS)
        const back = coPartitionedAssignment(claims.toReversed(), PARTITIONS)
        expect(Object.fromEntries(back)).toEqual(Object.fromEntries(forth))
      }),
    )
  })

  test('takes from a member only what is over its share when others join', () => {
    let claims: readonly Claim[] = []
    for (const member of ['c', 'a', 'e', 'b', 'd']) {
      const before = claims
      claims = claimsOf(coPartitionedAssignment([...before, { member, owned: [] }], PARTITIONS))
      for (const { member: old, owned } of before) {
        const now = claims.find((claim) => claim.member === old)?.owned ?? []
        expect(owned).toEqual(expect.arrayContaining([...now]))
      }
    }
  })

  test('takes nothing from those who stay when one leaves', () => {
    const three = ['a', 'b', 'c'].map((member) => ({ member, owned: [] }))
    const before = claimsOf(coPartitionedAssignment(three, PARTITIONS))
    const after = coPartitionedAssignment(before.slice(1), PARTITIONS)
    for (const { member, owned } of before.slice(1)) {
      expect(after.get(member)).toEqual(expect.arrayContaining([...owned]))
    }
  })
})

function claimsOf(assignment: ReadonlyMap<string, readonly number[]>): readonly Claim[] {
  return [...assignment].map(([member, owned]) => ({ member, owned }))
}

function ascending(a: number, b: number): number {
  return a - b
}
