import type { PartitionLagView } from '../../../services/tracker/api.ts'
import { duration } from '../../format/durations.ts'

/** Every partition that the group reads, those behind first. */
export function Partitions({ partitions }: { readonly partitions: readonly PartitionLagView[] }) {
  const rows = partitions.toSorted(
    (a, b) => b.lag - a.lag || a.topic.localeCompare(b.topic) || a.partition - b.partition,
  )
  return (
    <table className="table cards">
      <thead>
        <tr>
          <th>Topic</th>
          <th className="number">Partition</th>
          <th className="number">Committed</th>
          <th className="number">End</th>
          <th className="number">Lag</th>
          <th className="number">Behind</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ topic, partition, committed, end, lag, seconds }) => (
          <tr key={`${topic} ${partition}`}>
            <td className="mono">{topic}</td>
            <td className="number" data-label="partition">
              {partition}
            </td>
            <td className="number" data-label="committed">
              {committed ?? <span className="soft">nothing</span>}
            </td>
            <td className="number" data-label="end">
              {end}
            </td>
            <td className="number" data-label="lag">
              {lag > 0 ? <strong>{lag.toLocaleString('en')}</strong> : lag}
            </td>
            <td className="number" data-label="behind">
              {seconds === null ? <span className="soft">–</span> : duration(seconds * 1_000)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
