import { Command } from 'commander'
import { type Examination, examine, explain, type Finding } from '../infra/index.ts'

const { json } = new Command('npm run doctor --')
  .description(
    'Says what is there, what is missing, what that blocks, and the fix. Exit code 0: npm start runs for real.',
  )
  .option('--json', 'the findings as JSON')
  .parse()
  .opts<{ json?: boolean }>()

try {
  const examination = await examine(process.env)
  console.log(json ? JSON.stringify(examination, undefined, 2) : report(examination))
  process.exitCode = examination.real ? 0 : 1
} catch (error) {
  console.error(explain(error))
  process.exitCode = 1
}

function report({ real, mode, findings }: Examination): string {
  const verdict = real
    ? `✓ npm start runs against real servers (${mode})`
    : '✗ npm start cannot run against real servers yet: see the lines marked ✗'
  return [...findings.map(line), '', verdict].join('\n')
}

function line({ what, state, detail, blocks, fix }: Finding): string {
  const mark = { ok: '✓', missing: '✗', optional: '–' }[state]
  const rest = [...(blocks ? [`blocks: ${blocks}`] : []), ...(fix ? [`fix:    ${fix}`] : [])]
  return [`${mark} ${what}: ${detail}`, ...rest.map((text) => `    ${text}`)].join('\n')
}
