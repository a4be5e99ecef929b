export type RestatePorts = { readonly node: number; readonly ingress: number; readonly admin: number }

/**
 * Restate for this workload on a small machine: four partitions, no statistics that nobody reads, journals dropped when they have
 * ended, and a log that is left to the system to write to the disk, as Kafka's is.
 */
export function restateConfig(folder: string, { node, ingress, admin }: RestatePorts): string {
  return `
roles = ["http-ingress", "admin", "worker", "log-server", "metadata-server"]
node-name = "bench"
cluster-name = "bench"
base-dir = "${folder}"
listen-mode = "tcp"
bind-address = "127.0.0.1:${node}"
advertised-address = "http://127.0.0.1:${node}"
auto-provision = true
default-num-partitions = 4
default-replication = 1
default-journal-retention = "0s"
disable-telemetry = true
log-filter = "warn"
log-disable-ansi-codes = true
rocksdb-perf-level = "disable"

[worker.storage]
rocksdb-disable-statistics = true

[log-server]
rocksdb-disable-statistics = true
rocksdb-disable-wal-fsync = true

[ingress]
bind-address = "127.0.0.1:${ingress}"

[admin]
bind-address = "127.0.0.1:${admin}"
disable-web-ui = true
`
}
