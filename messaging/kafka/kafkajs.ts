/**
 * kafkajs 2.2.4, with what is mended in it. Rooms of this folder take its values from here and from nowhere else: some of it has to be
 * mended before the rest is loaded.
 */
import { createRequire } from 'node:module'
import { poolEncoderBuffers } from './encoder-buffers.ts'
import { calmRequestQueue } from './request-queue.ts'
import { skipEmptyPartitions } from './skip-empty-partitions.ts'

const require = createRequire(import.meta.url)
poolEncoderBuffers(require)
calmRequestQueue(require)
skipEmptyPartitions(require)

export default require('kafkajs') as typeof import('kafkajs')
