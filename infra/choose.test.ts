import { describe, expect, test } from '@jest/globals'
import { choose, type Probes } from './choose.ts'
import type { Missing } from './infrastructure.ts'

const noJava: Missing = { what: 'Java 21', blocks: 'Kafka', command: 'install it' }

function machine({ docker = false, lacks = [] as Missing[] }): Probes {
  return {
    docker: async () => ({ answers: docker, why: docker ? 'Docker 29 answers' : 'there is no Docker here' }),
    local: () => lacks,
  }
}

describe('without being asked for a mode, Chorus', () => {
  test('takes Docker when its engine answers', async () => {
    expect(await choose(undefined, machine({ docker: true, lacks: [noJava] }))).toMatchObject({
      mode: 'docker',
      why: 'Docker 29 answers',
    })
  })

  test('takes local servers when Docker does not answer', async () => {
    expect(await choose(undefined, machine({}))).toMatchObject({
      mode: 'local',
      why: 'there is no Docker here',
    })
  })

  test('takes the embedded ones when neither can run, and says what is missing', async () => {
    expect(await choose(undefined, machine({ lacks: [noJava] }))).toEqual({
      mode: 'embedded',
      why: 'there is no Docker here, and local servers lack Java 21',
      missing: [noJava],
    })
  })

  test('refuses embedded servers beside addresses that were given', async () => {
    await expect(choose(undefined, machine({ lacks: [noJava] }), true)).rejects.toMatchObject({
      message: 'Only some of the servers can be had.',
      why: 'Java 21 is missing, which blocks Kafka',
    })
  })
})

describe('asked for a mode, Chorus', () => {
  test('takes it although a better one could run', async () => {
    expect(await choose('local', machine({ docker: true }))).toMatchObject({ mode: 'local' })
    expect(await choose('embedded', machine({ docker: true }))).toMatchObject({ mode: 'embedded' })
  })

  test('takes no other one when it cannot run', async () => {
    await expect(choose('docker', machine({}))).rejects.toThrow('Docker cannot be used.')
    await expect(choose('local', machine({ docker: true, lacks: [noJava] }))).rejects.toMatchObject({
      message: 'Local servers cannot run here.',
      fix: 'install it',
    })
  })

  test('for embedded servers, looks at nothing else', async () => {
    const untouchable: Probes = {
      docker: () => Promise.reject(new Error('asked')),
      local: () => {
        throw new Error('asked')
      },
    }
    expect(await choose('embedded', untouchable)).toMatchObject({ mode: 'embedded' })
  })
})
