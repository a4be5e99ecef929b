import { defineConfig } from 'vite'

/** The page is served by the tracker at /console; `npx vite console` serves it beside a tracker that runs. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  build: {
    // Everything is a file of its own: the content security policy knows no inline script, style or data.
    assetsInlineLimit: 0,
    target: ['chrome125', 'firefox128', 'safari18'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { host: '127.0.0.1', proxy: { '/api': process.env.TRACKER_URL ?? 'http://127.0.0.1:3003' } },
})
