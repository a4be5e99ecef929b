import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, test } from '@jest/globals'
import { contracts } from '#contracts'
import { registryConfigFromEnvironment } from '#messaging'

// Needs a real schema registry: fails, with the name of the setting, where SCHEMA_REGISTRY_URL is not set.
const command = async (argument: readonly string[] = [], url = registryConfigFromEnvironment().url) => {
  const env = { ...process.env, SCHEMA_REGISTRY_URL: url }
  const child = spawn(process.execPath, [`${import.meta.dirname}/contracts-publish.ts`, ...argument], { env })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const [code, stdout, stderr] = await Promise.all([exit, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}

test('prints subject, version and id of every contract, the same ones again the second time', async () => {
  const first = await command()
  expect(first).toMatchObject({ code: 0, stderr: '' })
  for (const { subject } of Object.values(contracts.events)) {
    expect(first.stdout).toMatch(new RegExp(`^${subject} +\\d+ +\\d+$`, 'm'))
  }
  expect(await command()).toEqual(first)
}, 60_000)

test('with --check it says that all of them are compatible', async () => {
  await command()
  expect(await command(['--check'])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^✓ all \d+ contracts/),
  })
}, 60_000)

test('a registry that is not there is said in one plain message', async () => {
  const { code, stderr } = await command([], 'http://127.0.0.1:59999/apis/ccompat/v7')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^✗ .*\n {2}Why: .*127\.0\.0\.1:59999.*ECONNREFUSED.*\n {2}Fix: .*\n$/)
}, 60_000)
