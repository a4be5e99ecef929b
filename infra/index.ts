export { type Buildable, buildable, buildInfrastructure } from './build.ts'
export { dataFolderFrom } from './data.ts'
export { describeInfrastructure } from './describe.ts'
export { stopRunning } from './down.ts'
export { type Examination, examine, type Finding } from './examine.ts'
export type {
  Addresses,
  AskableMode,
  Infrastructure,
  Missing,
  Mode,
  Server,
  ServerProcess,
} from './infrastructure.ts'
export { askableModes } from './infrastructure.ts'
export { anyPorts, type Ports, portsFrom, withFreePorts } from './ports.ts'
export { explain, Problem } from './problem.ts'
export { type StartOptions, startInfrastructure } from './start.ts'
export { wipeData } from './wipe.ts'
