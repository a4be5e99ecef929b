import { memoryStoryStore } from './memory-story-store.ts'
import { storyStoreConformance } from './story-store.conformance.ts'

storyStoreConformance('the memory story store', async () => memoryStoryStore())
