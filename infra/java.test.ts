import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { findJava } from './java.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-java-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function installJava(name: string, version: string): string {
  const home = join(folder, name)
  mkdirSync(join(home, 'bin'), { recursive: true })
  writeFileSync(join(home, 'bin', 'java'), '')
  chmodSync(join(home, 'bin', 'java'), 0o755)
  writeFileSync(join(home, 'release'), `IMPLEMENTOR="Somebody"\nJAVA_VERSION="${version}"\n`)
  return home
}

describe('Java', () => {
  test('is taken from JAVA_HOME first', () => {
    const home = installJava('a', '23.0.1')
    const path = join(installJava('b', '25'), 'bin')
    expect(findJava({ JAVA_HOME: home, PATH: path }).java).toEqual({
      command: join(home, 'bin', 'java'),
      version: 23,
    })
  })

  test('is passed over when it is too old', () => {
    const old = installJava('old', '17.0.15')
    const path = join(installJava('new', '21.0.4'), 'bin')
    expect(findJava({ JAVA_HOME: old, PATH: path }).java).toEqual({
      command: join(path, 'java'),
      version: 21,
    })
  })

  test('of the first days is told by its old numbering', () => {
    const home = installJava('ancient', '1.8.0_402')
    expect(findJava({ JAVA_HOME: home, PATH: '' }).java).not.toMatchObject({
      command: join(home, 'bin', 'java'),
    })
  })
})
