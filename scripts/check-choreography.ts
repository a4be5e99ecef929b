/**
 * `npm run check:choreography`: explores the shop's machines together, in every order of events, and says what can go wrong. See
 * `docs/checker.md`.
 */
import { Command } from 'commander'
import { checkChoreography, findingText, reportText } from '#orchestration'
import { cast } from '../services/cast.ts'
import { castWith, type DesignFault, designFaults } from '../services/design-faults.fixtures.ts'

const options = new Command('npm run check:choreography --')
  .description(
    'Explores every order of events, answers, timers and crashes, and proves that each one ends well.',
  )
  .option('--planted', 'check the shop with each planted design fault instead: every one has to be found')
  .option('--mermaid', 'draw counterexamples as Mermaid')
  .option('--max-states <n>', 'bound on joint states (default: 3000000)', Number)
  .addHelpText(
    'after',
    '\nExit code: 0 the choreography is sound · 1 something is wrong, or the bound was met',
  )
  .parse()
  .opts<{ planted?: boolean; mermaid?: boolean; maxStates?: number }>()

const drawing = options.mermaid ? 'mermaid' : 'chart'
process.exitCode = options.planted ? checkPlanted() : checkShop()

function checkShop(): number {
  const report = checkChoreography(cast, options)
  console.log(reportText(report, drawing))
  return report.isSound ? 0 : 1
}

function checkPlanted(): number {
  let missed = 0
  for (const fault of designFaults) {
    const found = firstFinding(fault)
    if (!found) missed += 1
    console.log(`${found ? '✓ found' : '✗ not found'}: ${fault.name}\n${found ?? ''}\n`)
  }
  console.log(`${designFaults.length - missed} of ${designFaults.length} planted design faults found`)
  return missed === 0 ? 0 : 1
}

/** A machine that cannot be run at all is refused before anything is explored. */
function firstFinding(fault: DesignFault): string | undefined {
  try {
    const { properties } = checkChoreography(castWith(fault, cast), options)
    const [first] = properties.flatMap(({ findings }) => findings)
    return first && findingText(first, drawing)
  } catch (error) {
    return (error as Error).message
  }
}
