import { dataFolderFrom } from '../../infra/data.ts'
import { Problem } from '../../infra/problem.ts'
import { readShop } from '../shop/running-shop.ts'
import type { ServiceName } from '../shop/shop.ts'

/** Base URL of a service. Throws a `Problem` when nobody says where it is. */
export type AddressOf = (name: ServiceName) => string

/** `TRACKER_URL`, `ORDER_URL` and so on win; then the shop that `npm start` has running on the data folder. */
export function addressesFrom(environment: NodeJS.ProcessEnv): AddressOf {
  return (name) => {
    const variable = `${name.toUpperCase()}_URL`
    const folder = dataFolderFrom(environment)
    const address = environment[variable] || readShop(folder)?.addresses[name]
    if (address) return address.replace(/\/$/, '')
    throw new Problem(`The ${name} service is not to be found.`, {
      why: `${variable} is not set, and no shop of \`npm start\` with that service runs on ${folder}`,
      fix: 'npm start',
      or: `${variable}=http://… ./chorus …`,
    })
  }
}
