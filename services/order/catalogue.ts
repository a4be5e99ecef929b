/** Something the shop sells. `unitPrice` is in minor units of `currency` (cents). */
export type Product = { readonly sku: string; readonly name: string; readonly unitPrice: number }

/** The currency of every price and amount, ISO 4217. */
export const currency = 'EUR'

/** All that the shop sells. */
export const catalogue: readonly Product[] = [
  { sku: 'TEA-100', name: 'Green tea, 100 g', unitPrice: 890 },
  { sku: 'MUG-1', name: 'Stoneware mug', unitPrice: 1450 },
  { sku: 'POT-1', name: 'Cast-iron teapot', unitPrice: 4900 },
  { sku: 'KETTLE-1', name: 'Gooseneck kettle', unitPrice: 7950 },
  { sku: 'TRAY-1', name: 'Bamboo tray', unitPrice: 2325 },
]

export type Line = { readonly sku: string; readonly quantity: number }
type PricedLine = Line & { readonly unitPrice: number }

/** What the lines cost, or the positions of the lines that name nothing the shop sells. */
export type Quote =
  | { readonly items: readonly PricedLine[]; readonly amount: number }
  | { readonly unknown: readonly number[] }

const prices = new Map(catalogue.map(({ sku, unitPrice }) => [sku, unitPrice]))

/** Prices come from the catalogue alone: nothing that a customer sends can change an amount. */
export function quote(lines: readonly Line[]): Quote {
  const unknown = lines.flatMap(({ sku }, position) => (prices.has(sku) ? [] : [position]))
  if (unknown.length > 0) return { unknown }
  const items = lines.map(({ sku, quantity }) => ({ sku, quantity, unitPrice: prices.get(sku) ?? 0 }))
  return { items, amount: items.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0) }
}
