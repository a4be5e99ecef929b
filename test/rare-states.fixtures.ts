import type { Page } from 'playwright-core'
import { pixelsTooWide } from './browser.ts'
import { type PageState, pageStates } from './console-states.fixtures.ts'

/** Has the page show one state after the other, answering in the tracker's place; tells what is missing on it, or too wide for it. */
export async function faultsInRareStates(
  page: Page,
  sagaId: string,
  open: (path: string) => Promise<void>,
): Promise<string[]> {
  const faults: string[] = []
  let answers: PageState['answers'] = {}
  await page.route('**/api/v1/**', (route) => {
    const answer = answers[new URL(route.request().url()).pathname.slice('/api/v1/'.length)]
    if (answer === undefined) return route.fallback()
    if ('away' in answer)
      return route.fulfill({ status: 503, json: { code: answer.away, detail: 'Try again.' } })
    return route.fulfill({ json: answer })
  })
  for (const state of pageStates(sagaId)) {
    answers = state.answers
    await open(state.path)
    for (const text of state.shows) {
      const isSeen = page.locator('main').getByText(text).first().waitFor({ timeout: 5_000 })
      await isSeen.catch(() => faults.push(`${state.name}: "${text}" is missing`))
    }
    const tooWide = await pixelsTooWide(page)
    if (tooWide !== 0) faults.push(`${state.name}: ${tooWide} pixels too wide`)
  }
  return faults
}
