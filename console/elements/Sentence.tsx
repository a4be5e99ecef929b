/** The tracker's sentence, with names in back ticks set as code. */
export function Sentence({ text }: { readonly text: string }) {
  return text.split(/(`[^`]+`)/).map((part, i) =>
    part.startsWith('`') ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
      <code key={i}>{part.slice(1, -1)}</code>
    ) : (
      part
    ),
  )
}
