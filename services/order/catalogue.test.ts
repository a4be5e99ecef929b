import { describe, expect, test } from '@jest/globals'
import { catalogue, quote } from './catalogue.ts'

describe('the catalogue', () => {
  test('prices each line in cents and sums quantity × unit price', () => {
    expect(
      quote([
        { sku: 'MUG-1', quantity: 2 },
        { sku: 'TEA-100', quantity: 3 },
      ]),
    ).toEqual({
      items: [
        { sku: 'MUG-1', quantity: 2, unitPrice: 1450 },
        { sku: 'TEA-100', quantity: 3, unitPrice: 890 },
      ],
      amount: 5570,
    })
  })

  test('names the positions of lines that it does not sell', () => {
    expect(
      quote([
        { sku: 'GOLD', quantity: 1 },
        { sku: 'MUG-1', quantity: 1 },
        { sku: 'toString', quantity: 1 },
      ]),
    ).toEqual({ unknown: [0, 2] })
  })

  test('has whole, positive prices and each SKU once', () => {
    expect(catalogue.every(({ unitPrice }) => Number.isSafeInteger(unitPrice) && unitPrice > 0)).toBe(true)
    expect(new Set(catalogue.map(({ sku }) => sku)).size).toBe(catalogue.length)
  })
})
