/** `npm run check:invariants`: plants every known bug into a small run in memory, and prints which invariant finds it. */
import { bugs } from '../test/invariants/bugs.fixtures.ts'
import { findBug, isCaught, line } from '../test/invariants/planted-bugs.fixtures.ts'

let caught = 0
for (const bug of bugs) {
  const found = await findBug(bug)
  if (isCaught(found)) caught += 1
  console.log(line(found))
}
console.log(`\n${caught} of ${bugs.length} planted bugs were found.`)
process.exitCode = caught === bugs.length ? 0 : 1
