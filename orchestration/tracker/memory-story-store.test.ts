import { memoryStoryStore } from './memory-story-store.ts'
import { storyShelfConformance } from './story-shelf.conformance.ts'
import { memoryStoryShelf } from './story-shelf.ts'
import { storyStoreConformance } from './story-store.conformance.ts'

storyStoreConformance('the memory story store', async () => memoryStoryStore())
storyShelfConformance('the memory story shelf', async () => memoryStoryShelf())
