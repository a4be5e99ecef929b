import type { FaultKind } from '../schedule.ts'
import type { Inflict } from './fault.ts'
import { duplicate, replay } from './messages.ts'
import { blackHole, cutLink, slowLink } from './network.ts'
import { outage, slowAnswers } from './sandbox.ts'
import { fillDisk, freezeServer, killServer, shrinkMessages } from './servers.ts'
import { endInstance, freezeInstance, joinInstance, rollOut, shiftClock } from './services.ts'

/** How each kind of fault is done. */
export const inflict: Readonly<Record<FaultKind, Inflict>> = {
  'kill-service': endInstance('SIGKILL'),
  'stop-service': endInstance('SIGTERM'),
  'freeze-service': freezeInstance,
  'join-service': joinInstance,
  'roll-out': rollOut,
  'shift-clock': shiftClock,
  'kill-tracker': endInstance('SIGKILL'),
  'kill-broker': killServer,
  'freeze-broker': freezeServer,
  'full-disk': fillDisk,
  'small-messages': shrinkMessages,
  'kill-registry': killServer,
  'kill-store': killServer,
  'freeze-store': freezeServer,
  cut: cutLink,
  'black-hole': blackHole,
  delay: slowLink,
  duplicate,
  replay,
  'kill-sandbox': endInstance('SIGKILL'),
  'sandbox-outage': outage,
  'sandbox-slow': slowAnswers,
}
