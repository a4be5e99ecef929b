import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createDataSet, dataSetIn, wipeFolder } from './data.ts'

const all = ['kafka', 'registry', 'store'] as const

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-data-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('stored data', () => {
  test('are a set that is found again, with the store that made them', () => {
    expect(dataSetIn(folder, all)).toBeUndefined()
    createDataSet(folder, { parts: all, engine: 'secantusdb-wheel' })
    expect(dataSetIn(folder, all)).toMatchObject({ parts: all, engine: 'secantusdb-wheel' })
  })

  test.each(all)('are refused when those of %s are gone', (part) => {
    createDataSet(folder, { parts: all })
    rmSync(join(folder, part), { recursive: true })
    expect(() => dataSetIn(folder, all)).toThrow('The stored data are only half there.')
  })

  test('are refused when one part is of another set', () => {
    createDataSet(folder, { parts: all })
    writeFileSync(join(folder, 'store', 'set-id'), 'another')
    expect(refusal(all)).toMatchObject({
      why: expect.stringContaining('kafka and registry belong together, store is missing or of another set'),
      fix: expect.stringContaining('npm run down -- --data'),
    })
  })

  test('are refused when nobody knows where they come from', () => {
    mkdirSync(join(folder, 'kafka'))
    expect(() => dataSetIn(folder, all)).toThrow('The stored data are only half there.')
  })

  test('are refused when this start keeps other parts than they were made of', () => {
    createDataSet(folder, { parts: all })
    expect(refusal(['kafka', 'registry'])).toMatchObject({ message: 'The stored data are of other servers.' })
  })

  test('are wiped all together, and nothing else is', () => {
    createDataSet(folder, { parts: all })
    writeFileSync(join(folder, 'letter.txt'), 'mine')
    wipeFolder(folder)
    expect(readdirSync(folder)).toEqual(['letter.txt'])
    expect(readFileSync(join(folder, 'letter.txt'), 'utf8')).toBe('mine')
    rmSync(join(folder, 'letter.txt'))
    wipeFolder(folder)
    expect(existsSync(folder)).toBe(false)
  })
})

function refusal(parts: Parameters<typeof dataSetIn>[1]): unknown {
  try {
    return dataSetIn(folder, parts)
  } catch (error) {
    return error
  }
}
