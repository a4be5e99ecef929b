import { existsSync } from 'node:fs'
import type { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { waitUntil } from '../infra/wait.ts'

export const desktop = { width: 1280, height: 800 }
export const phone = { width: 360, height: 740 }

/** How many pixels one has to scroll sideways, once the page has had time to fit: charts are drawn anew after their room has changed. */
export async function pixelsTooWide(page: Page): Promise<number> {
  const measure = () => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  const fits = async () => {
    if ((await measure()) !== 0) throw new Error('The page is too wide.')
  }
  await waitUntil(fits, { limitMs: 5_000 }).catch(() => {})
  return await measure()
}

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where a Chromium is on this machine, if anywhere; `CHROMIUM_PATH` names another one. */
export function chromiumPath(): string | undefined {
  return [process.env.CHROMIUM_PATH ?? '', ...usual].find((path) => path !== '' && existsSync(path))
}

/** A browser without a window, with a profile of its own. Rejects where there is none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (!executablePath) throw new Error('No Chromium is here: apt-get install chromium, or set CHROMIUM_PATH')
  const { chromium } = await import('playwright-core')
  return await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** Axe for a page. It describes what is wrong alone: to describe what is right would take half as long again. */
export async function axeOn(page: Page): Promise<AxeBuilder> {
  const { AxeBuilder } = await import('@axe-core/playwright')
  return new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode()
}

/** What axe finds on the page that keeps people out, each with the element. */
export async function seriousFaults(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
