import { memoryRequests } from './memory-requests.ts'
import { requestStoreConformance } from './requests.conformance.ts'

requestStoreConformance('memory', async () => ({ requests: memoryRequests(), close: async () => {} }))
