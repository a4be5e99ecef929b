import type { SagaSummary } from '../../services/tracker/api.ts'
import { Sentence } from './Sentence.tsx'
import './why.css'

/** The one sentence that says how a saga is, as the first thing on its screen. */
export function Why({ why, sentence }: Pick<SagaSummary, 'why' | 'sentence'>) {
  return (
    <p className={why?.isStuck ? 'saga-why is-stuck' : 'saga-why'}>
      <Sentence text={sentence} />
    </p>
  )
}
