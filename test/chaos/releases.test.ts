import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { participants } from './cast.ts'
import { withVersion } from './releases.ts'

const sourceOf = (service: string) =>
  readFileSync(join(import.meta.dirname, '../../services', service, 'participant.ts'), 'utf8')

describe.each(participants)('a new release of %s', (service) => {
  test('keeps the old machine for the sagas under way', () => {
    const source = withVersion(sourceOf(service), 3, [2])
    expect(source).toContain(`version: '3', earlier: { '2': { machine: ${service}Machine } },`)
  })

  test('migrates the sagas of every version before', () => {
    const source = withVersion(sourceOf(service), 4, [2, 3])
    expect(source).toContain("version: '4',")
    expect(source).toContain("migrate: { '2': (state) => state, '3': (state) => state, '1': ")
  })
})
