import { expect, test } from '@jest/globals'
import { slow } from '../../services/sandbox/behaviour.ts'
import { demonstrationSettings } from './shop.ts'

test('a slow provider or carrier still answers within one call of the demonstration, and one that is silent does not outlast the order', () => {
  const { PAYMENT_CALL_TIMEOUT, SHIPPING_CALL_TIMEOUT, ORDER_PAYMENT_PATIENCE, PAYMENT_CAPTURE_DEADLINE } =
    demonstrationSettings
  expect(Number(PAYMENT_CALL_TIMEOUT)).toBeGreaterThan(slow)
  expect(Number(SHIPPING_CALL_TIMEOUT)).toBeGreaterThan(slow)
  expect(Number(ORDER_PAYMENT_PATIENCE)).toBeGreaterThan(slow)
  expect(Number(PAYMENT_CAPTURE_DEADLINE)).toBeGreaterThan(Number(ORDER_PAYMENT_PATIENCE))
})
