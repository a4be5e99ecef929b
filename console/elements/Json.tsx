import { Copy } from './Copy.tsx'
import './json.css'

/** A value as JSON, with its names and texts told apart. */
export function Json({ value, what }: { readonly value: unknown; readonly what: string }) {
  const text = JSON.stringify(value, null, 2) ?? 'nothing'
  return (
    <div className="json">
      <Copy text={text} what={what} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <section tabIndex={0} aria-label={what}>
        <pre>
          {pieces(text).map(({ kind, text }, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other name than their place
            <span key={i} className={kind}>
              {text}
            </span>
          ))}
        </pre>
      </section>
    </div>
  )
}

const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi

function pieces(text: string): { readonly kind: string | undefined; readonly text: string }[] {
  const found: { kind: string | undefined; text: string }[] = []
  let end = 0
  for (const match of text.matchAll(token)) {
    found.push({ kind: undefined, text: text.slice(end, match.index) })
    const [whole, quoted = '', colon = ''] = match
    if (quoted === '') found.push({ kind: 'json-word', text: whole })
    else
      found.push({ kind: colon ? 'json-name' : 'json-text', text: quoted }, { kind: undefined, text: colon })
    end = match.index + whole.length
  }
  return [...found, { kind: undefined, text: text.slice(end) }]
}
