import { buildConsole } from '../console/build.ts'

/** `npm run console:build`: the operator's web page, for the tracker to serve. */
const began = performance.now()
const outcome = await buildConsole()
console.log(`The console is ${outcome} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
