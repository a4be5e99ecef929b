import { wipeFolder } from './data.ts'
import { removeContainers } from './docker.ts'

/** Wipes what the servers of a data folder have stored, on disk and in Docker's volumes: all of it, or none. */
export async function wipeData(dataFolder: string): Promise<void> {
  await removeContainers(dataFolder, { data: true })
  wipeFolder(dataFolder)
}
