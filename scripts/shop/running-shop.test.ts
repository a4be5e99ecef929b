import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { identify, type ProcessId } from '../../infra/processes.ts'
import { addressesFrom } from '../chorus/addresses.ts'
import { forgetShop, type RunningShop, readShop, recordShop } from './running-shop.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chorus-running-shop-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const owner = identify(process.pid) as ProcessId
const shop: RunningShop = {
  owner,
  mode: 'local',
  addresses: { tracker: 'http://127.0.0.1:3003' },
  services: { tracker: owner },
  ownsBroker: true,
}

test('a shop is found while it runs, and not after', () => {
  recordShop(folder, shop)
  expect(readShop(folder)).toEqual(shop)
  forgetShop(folder)
  expect(readShop(folder)).toBeUndefined()
  recordShop(folder, { ...shop, owner: { ...owner, startedAt: 'before' } })
  expect(readShop(folder)).toBeUndefined()
})

test('the environment says where a service is, or else the shop that runs; otherwise what to do', () => {
  recordShop(folder, shop)
  const addressOf = addressesFrom({ CHORUS_DATA: folder, ORDER_URL: 'http://orders.example/' })
  expect(addressOf('order')).toBe('http://orders.example')
  expect(addressOf('tracker')).toBe('http://127.0.0.1:3003')
  expect(() => addressOf('payment')).toThrow(
    expect.objectContaining({ why: expect.stringContaining('PAYMENT_URL'), fix: 'npm start' }),
  )
})
