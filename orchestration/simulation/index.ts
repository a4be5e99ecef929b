/**
 * Whole sagas in one process, in virtual time, with faults that follow from a seed: the real runtime on simulated networks, processes and
 * clocks. See README.md.
 */
export type { Call, Caller } from './call.ts'
export { type Cluster, type ClusterOptions, startCluster } from './cluster.ts'
export { type EdgeCount, edgeCount } from './edge-count.ts'
export { drawFaults, type FaultKind, type Faults, faultKinds } from './faults.ts'
export type { SimulatedProcess } from './process.ts'
export { type Random, randomFrom } from './random.ts'
export type { Scheduler } from './scheduler.ts'
export { openWorld, type World, type WorldOptions } from './world.ts'
