/** Something that was seen at a moment; both in units of whoever looks. */
export type Point = { readonly at: number; readonly value: number }

/** How a value grew, by a straight line through what was seen: a single sample says little about memory, which comes and goes. */
export type Growth = {
  /** Where the line begins and ends. */
  readonly from: number
  readonly to: number
  /** How much it grew, as a part of `from`. */
  readonly growth: number
}

/** The line of least squares through these points, from one moment to another. At least one point; a single one does not grow. */
export function growthOf(points: readonly Point[], begin: number, end: number): Growth {
  const at = mean(points.map((point) => point.at))
  const value = mean(points.map((point) => point.value))
  const spread = sum(points.map((point) => (point.at - at) ** 2))
  const together = sum(points.map((point) => (point.at - at) * (point.value - value)))
  const slope = spread === 0 ? 0 : together / spread
  const [from, to] = [begin, end].map((moment) => value + slope * (moment - at)) as [number, number]
  return { from, to, growth: (to - from) / from }
}

function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
