import { expect, test } from '@jest/globals'
import { dbosPins, entryName, restatePins } from './packages.ts'

test('a peer’s packages have exact versions, and other versions lie elsewhere', () => {
  for (const pins of [restatePins, dbosPins])
    for (const version of Object.values(pins)) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  expect(entryName(restatePins)).toBe('peers-restate-server-1.7.12-restate-sdk-1.17.2')
  expect(entryName({ ...restatePins, '@restatedev/restate-sdk': '1.18.0' })).not.toBe(entryName(restatePins))
})
