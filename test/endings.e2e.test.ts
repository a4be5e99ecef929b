import { describe } from '@jest/globals'
import { endingsConformance } from './endings.conformance.ts'
import { startRealShop } from './shop.ts'

describe('an order, on real servers', () => endingsConformance(startRealShop))
