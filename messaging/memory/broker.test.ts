import { brokerConformance } from '../broker.conformance.ts'
import { memoryBroker } from './broker.ts'

brokerConformance('the memory broker', memoryBroker)
