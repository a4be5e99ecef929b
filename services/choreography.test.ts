import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { checkChoreography, findingText, reportText } from '#orchestration'
import { cast } from './cast.ts'
import { castWith, type DesignFault, designFaults, quietCast } from './design-faults.fixtures.ts'

const told = new Map<string, readonly string[]>()

/** All sentences, with the stories that belong to them; each cast is explored once. */
function foundIn(fault: DesignFault): readonly string[] {
  const found = told.get(fault.name) ?? explored(fault)
  told.set(fault.name, found)
  return found
}

function explored(fault: DesignFault): readonly string[] {
  try {
    return checkChoreography(castWith(fault)).properties.flatMap(({ findings }) =>
      findings.map((finding) => findingText(finding)),
    )
  } catch (error) {
    return [(error as Error).message]
  }
}

test('the choreography of an order is sound: in every order of events it ends, and ends well', () => {
  const report = checkChoreography(cast)
  expect(reportText(report)).not.toMatch(/^[✗·]/m)
  expect(report).toMatchObject({ complete: true, isSound: true })
  expect(report.transitions.taken).toBe(report.transitions.all)
}, 240_000)

describe('a design fault is found:', () => {
  const without = foundIn({ name: 'none', finds: '' })

  test.each(designFaults)('$name', (fault) => {
    const found = foundIn(fault).filter((text) => !without.includes(text))
    expect(found.join('\n\n')).toContain(fault.finds)
    const text = found.find((text) => text.includes(fault.finds))
    expect(text?.split('\n').length).toBeLessThan(25)
  })

  test('there are at least fifteen, and each has a name of its own', () => {
    expect(new Set(designFaults.map(({ name }) => name)).size).toBe(designFaults.length)
    expect(designFaults.length).toBeGreaterThanOrEqual(15)
  })
})

test('without operators a refund that stays refused, and a recall, can come to no end', () => {
  const { properties } = checkChoreography(quietCast)
  const sentences = properties.flatMap(({ findings }) => findings.map(({ says }) => says)).join('\n')
  expect(sentences).toContain('payment waits in "refundStuck"')
  expect(sentences).toContain('shipping waits in "recallStuck"')
})

test('the page about the checker shows what it prints', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/checker.md'), 'utf8')
  const shown = designFaults.filter(({ name }) => page.includes(name))
  expect(shown.length).toBeGreaterThanOrEqual(3)
  for (const fault of shown) expect(page).toContain(foundIn(fault).find((text) => text.includes(fault.finds)))
})
