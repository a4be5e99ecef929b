import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { placeOrderMessage, send, tornMessage } from '../scripts/demo/orders.ts'
import type { ShopOfProcesses } from '../scripts/shop/processes.ts'
import { placeOrder } from '../scripts/shop/scenarios.ts'
import type { SagaView } from '../services/tracker/api.ts'
import { axeOn, desktop, openBrowser, phone, pixelsTooWide, seriousFaults } from './browser.ts'
import { faultsInRareStates } from './rare-states.fixtures.ts'
import { eventually, startRealShop } from './shop.ts'

let shop: ShopOfProcesses
let browser: Browser
let page: Page
/** What the page has complained about: a script that threw, something that the content security policy refused. */
let complaints: string[]
let delivered: string
/** Waits for a person: the refund is refused for good. */
let stuck: string

const address = (path: string) => `${shop.addresses.tracker}${path}`
const api = async <T>(path: string) => (await (await fetch(address(`/api/v1${path}`))).json()) as T
/** The page has come to life when it follows the stream. */
async function open(path: string): Promise<void> {
  await page.goto(address(`/console${path}`))
  await page.getByRole('button', { name: 'Live', exact: true }).waitFor()
}

const order = (paymentToken: string, postcode: string) =>
  placeOrder(shop.addresses.order ?? '', { paymentToken, postcode })
const saga = (id: string) => api<SagaView>(`/sagas/${id}`)

beforeAll(async () => {
  // In a process of its own: the bundler is native, and cannot run within Jest.
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, '../scripts/console-build.ts')])
  shop = await startRealShop({ environment: { CONSOLE_WRITE: 'true', CHORUS_ENVIRONMENT: 'test' } })
  browser = await openBrowser()
  delivered = await order('tok_ok', '10115')
  stuck = await order('tok_refund_refused', '00000')
  await eventually(async () => expect((await saga(delivered)).state).toBe('ended'), 60_000)
  await eventually(async () => expect((await saga(stuck)).why?.cause).toBe('person'), 60_000)
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await shop?.stop()
}, 60_000)

beforeEach(async () => {
  complaints = []
  const context = await browser.newContext({ viewport: desktop })
  page = await context.newPage()
  page.setDefaultTimeout(15_000)
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (said) => {
    if (said.type() === 'error') complaints.push(said.text())
  })
})

afterEach(async () => {
  await page.context().close()
  expect(complaints).toEqual([])
})

/** A machine need not have a Jaeger; "what a healthy shop never shows" holds the trace's page on all of them. */
const tracesAreKept = process.env.JAEGER_URL !== undefined

/** Every screen, and something that is sure to be on it when it is whole. */
const screens = (): readonly (readonly [path: string, shows: string])[] => [
  ['/', 'Sagas per minute'],
  ['/sagas', delivered.slice(-6)],
  [`/sagas/${stuck}`, 'Time line'],
  [`/sagas/${stuck}?step=order:1`, 'Event out: OrderPlaced'],
  [`/sagas/${stuck}?tab=trace`, tracesAreKept ? 'spans in' : 'Traces are not collected here'],
  [`/sagas/${stuck}?tab=data`, 'refundAttempts'],
  ['/stuck', stuck.slice(-6)],
  [`/dead-letters?saga=${delivered}`, 'No dead letter matches'],
  ['/lag?group=payment', 'Committed'],
  ['/topology', 'Every line'],
  ['/contracts?event=OrderPlaced', 'shipTo.city'],
  [`/o/${stuck}`, 'Handed over'],
  ['/find/nothing-of-that-name', 'Nothing is known'],
]

test('on every screen axe finds nothing serious in either theme, and a phone need not scroll sideways', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const faults: string[] = []
  // One theme differs from the other in nothing but its colours.
  const inLight = await axeOn(page)
  const inDark = (await axeOn(page)).withRules('color-contrast')
  for (const [path, shows] of screens()) {
    await page.setViewportSize(desktop)
    await page.emulateMedia({ colorScheme: 'light' })
    await open(path)
    await page.getByText(shows).first().waitFor({ state: 'attached' })
    faults.push(...(await seriousFaults(inLight)).map((fault) => `${path}: ${fault}`))
    await page.emulateMedia({ colorScheme: 'dark' })
    faults.push(...(await seriousFaults(inDark)).map((fault) => `${path} in the dark: ${fault}`))
    await page.setViewportSize(phone)
    const tooWide = await pixelsTooWide(page)
    if (tooWide !== 0) faults.push(`${path}: ${tooWide} pixels too wide`)
  }
  expect(faults).toEqual([])
  if (!tracesAreKept) complaints = complaints.filter((text) => !text.includes('503'))
}, 180_000)

test('a chosen theme is there before the first paint, and stays', async () => {
  await page.emulateMedia({ colorScheme: 'light' })
  await open('/')
  const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  const light = await ground()
  const button = page.getByRole('button', { name: /^Theme is/ })
  await button.click()
  await button.click()
  expect(await ground()).not.toBe(light)
  const dark = await ground()
  // Without the page's own script nothing but theme.js can have set it.
  await page.route('**/assets/*.js', (route) => route.abort())
  await page.reload()
  expect(await ground()).toBe(dark)
  complaints = complaints.filter((text) => !text.includes('ERR_FAILED'))
})

describe('a saga', () => {
  test('says on top why it waits, and draws where it was, where it is and what can still come', async () => {
    await open(`/sagas/${stuck}`)
    const { sentence } = await saga(stuck)
    await page.getByText(sentence.replaceAll('`', '')).waitFor()
    const payment = page.locator('svg[aria-label="States of payment"]')
    const standing = (state: string) =>
      payment.locator(`[aria-label^="${state}:"]`).getAttribute('aria-label')
    expect(await standing('captured')).toContain('was here')
    expect(await standing('refundStuck')).toBe('refundStuck: now, undoes')
    expect(await standing('writtenOff')).toContain('may come next')
    expect(await standing('settled')).toContain('cannot come any more')
  })

  test('tells each step in the lane of its service: what came in, what changed, what went out', async () => {
    await open(`/sagas/${delivered}`)
    const step = page.getByRole('button', { name: /PaymentCaptured paying shipping OrderPaid/ })
    await step.click()
    const details = page.getByRole('complementary', { name: 'Details: PaymentCaptured' })
    await details.getByText('payment.events, partition').waitFor()
    await details.getByText('order.events-chorus.order.OrderPaid').waitFor()
    expect(await details.textContent()).not.toContain('Marienstrasse')
    expect(page.url()).toContain('step=order%3A2')
    await page.keyboard.press('Escape')
    await details.waitFor({ state: 'detached' })
  })

  test('is found by the id of anything in it', async () => {
    await open('/')
    const { timeline } = await saga(delivered)
    const said = timeline.flatMap(({ emitted }) => emitted.map(({ data }) => data as { paymentId?: string }))
    const { paymentId = '' } = said.find(({ paymentId }) => paymentId) ?? {}
    await page.keyboard.press('/')
    await page.keyboard.type(paymentId)
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/console/sagas/${delivered}`)
  })
})

test('everything can be reached with the keyboard', async () => {
  await open('/')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.waitForURL('**/console/sagas')
  await page.getByText(stuck.slice(-6)).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/console/sagas/${stuck}`)
  const states = page.locator('svg[aria-label="States of payment"]')
  await states.waitFor()
  await page.keyboard.press('[')
  await states.waitFor({ state: 'hidden' })
  await page.keyboard.press(']')
  await states.waitFor()
  await page.goBack()
  await page.waitForURL('**/console/sagas')
})

test('is live until it is paused, and shows what it missed when it goes on', async () => {
  await open('/sagas?sort=newest')
  const first = await order('tok_declined', '10115')
  await page.getByText(first.slice(-6)).waitFor()
  await page.keyboard.press('p')
  const paused = page.getByRole('button', { name: /Paused/ })
  await paused.waitFor()
  const second = await order('tok_declined', '10115')
  // The change has come to the page, and is counted there.
  await page.getByRole('button', { name: /Paused \d/ }).waitFor()
  expect(await page.getByText(second.slice(-6)).count()).toBe(0)
  await paused.click()
  await page.getByText(second.slice(-6)).waitFor()
})

test('rows keep their places under the pointer, and new ones wait until they are asked for', async () => {
  await open('/sagas?sort=newest')
  const rows = page.locator('.saga-table [data-row]')
  await rows.first().waitFor()
  await page.locator('.saga-table tbody tr').first().hover()
  const before = await rows.first().getAttribute('href')
  const fresh = await order('tok_declined', '10115')
  const show = page.getByRole('button', { name: /new sagas?: show/ })
  await show.waitFor()
  expect(await rows.first().getAttribute('href')).toBe(before)
  await show.click()
  await page.getByText(fresh.slice(-6)).waitFor()
})

test('what cannot be known now is said, beside what was known last', async () => {
  await open('/lag')
  await page.getByText('caught up').first().waitFor()
  await page.route('**/api/v1/lag', (route) => route.abort())
  await page.getByText('What you see is what was known last').waitFor()
  expect(await page.getByText('caught up').count()).toBeGreaterThan(0)
  await page.unroute('**/api/v1/lag')
  await page.getByText('What you see is what was known last').waitFor({ state: 'detached' })
  complaints = complaints.filter((text) => !text.includes('ERR_FAILED'))
})

test('whoever answers a customer sees how far an order is, and nothing that was said in it', async () => {
  await open(`/sagas/${delivered}`)
  await page.getByRole('link', { name: 'Support view' }).click()
  await page.waitForURL(`**/console/o/${delivered}`)
  await page.getByRole('list', { name: '5 of 5 steps are done' }).waitFor()
  await open(`/o/${stuck}`)
  await page.getByText((await saga(stuck)).sentence.replaceAll('`', '')).waitFor()
  const bar = page.getByRole('list', { name: '3 of 5 steps are done' })
  expect(await bar.textContent()).toMatch(/Placed.*Paid.*Handed over.*Delivered.*Completed/)
  const answer = JSON.stringify(await api(`/progress/${stuck}`))
  for (const word of ['Marienstrasse', 'tok_', 'amount', 'context']) expect(answer).not.toContain(word)
})

test('what a healthy shop never shows says what happened, and fits on a phone', async () => {
  await page.setViewportSize(phone)
  expect(await faultsInRareStates(page, stuck, open)).toEqual([])
  complaints = complaints.filter((text) => !text.includes('503'))
}, 60_000)

describe('an operator', () => {
  const giveReasons = async () => {
    await page.getByLabel('Reason').fill('its sender is mended')
    await page.getByLabel('Your name').fill('ada')
  }

  test('redrives a dead letter after a dry run, sees what came of it, and discards it', async () => {
    const orderId = `order-${randomUUID()}`
    const { infrastructure } = shop
    await send(
      infrastructure,
      tornMessage(infrastructure, orderId),
      placeOrderMessage(infrastructure, orderId),
    )
    await open(`/dead-letters?saga=${orderId}`)
    const letter = page.getByRole('checkbox', { name: /Choose letter/ })
    await letter.check()

    await page.getByRole('button', { name: 'Redrive …' }).click()
    await page.getByText('Dry run: it would redrive 1').waitFor()
    await giveReasons()
    await page.getByRole('button', { name: 'Redrive 1' }).click()
    // Its bytes are as they were, so it stays.
    await page.getByText('Done: redrive, 1 of 1').waitFor()
    await page.getByRole('button', { name: 'Close', exact: true }).last().click()

    await letter.check()
    await page.getByRole('button', { name: 'Discard …' }).click()
    await page.getByText('Dry run: it would discard 1').waitFor()
    await giveReasons()
    await page.getByRole('button', { name: 'Discard 1' }).click()
    await page.getByText('Done: discard, 1 of 1').waitFor()
    await eventually(async () => expect((await saga(orderId)).ending).toBe('delivered'), 30_000)
    await page.getByText('No dead letter matches').waitFor()
  }, 60_000)

  test('tells a saga what it waits for, and the page shows how it ends', async () => {
    await open(`/sagas/${stuck}`)
    await page.getByRole('button', { name: 'Act …' }).click()
    await page.getByLabel('Event', { exact: true }).fill('WriteOffRefund')
    await giveReasons()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText(/Done: .* 1 of 1/).waitFor()
    await page.keyboard.press('Escape')
    await page.getByText(/^Ended: order cancelled, payment writtenOff/).waitFor()
    await page.getByRole('button', { name: /WriteOffRefund, by ada/ }).waitFor()
    const said = (await saga(stuck)).timeline.find(({ cause }) => cause.name === 'WriteOffRefund')
    expect(said?.cause).toMatchObject({ by: 'ada', reason: 'its sender is mended' })
  })
})
