import type { TraceView } from '../../../services/tracker/api.ts'

type Span = TraceView['spans'][number]

/** Spans in the order of a waterfall: each after its parent, brothers by their start. One whose parent is not kept is a root. */
export function waterfall(spans: readonly Span[]): { readonly span: Span; readonly depth: number }[] {
  const known = new Set(spans.map(({ spanId }) => spanId))
  const children = Map.groupBy(
    spans.toSorted((a, b) => a.offset - b.offset),
    ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null),
  )
  const below = (parent: string | null, depth: number): { span: Span; depth: number }[] =>
    (children.get(parent) ?? []).flatMap((span) => [{ span, depth }, ...below(span.spanId, depth + 1)])
  return below(null, 0)
}
