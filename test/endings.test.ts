import { describe } from '@jest/globals'
import { startEmbedded } from '../scripts/shop/embedded.ts'
import { endingsConformance } from './endings.conformance.ts'
import { testSettings } from './shop.ts'

const ports = ['ORDER', 'PAYMENT', 'SHIPPING', 'TRACKER', 'SANDBOX'].map((name) => [`${name}_PORT`, '0'])

describe('an order, embedded in one process', () =>
  endingsConformance(() => startEmbedded({ environment: { ...testSettings, ...Object.fromEntries(ports) } })))
