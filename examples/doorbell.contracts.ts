import type { Contracts, EventContract } from '#messaging'

/** Every event here has one field: whose visit it is about. */
const said = (type: string, owner: string): EventContract => ({
  type,
  owner,
  topic: `${owner}.events`,
  subject: `${owner}.events-door.${type}`,
  schema: { type: 'record', name: type, namespace: 'door', fields: [{ name: 'visitId', type: 'string' }] },
})

/** What is said at the door, and by whom. */
export const contracts: Contracts = {
  events: {
    BellRang: said('BellRang', 'visitor'),
    DoorOpened: said('DoorOpened', 'host'),
    VisitorGreeted: said('VisitorGreeted', 'doorbell'),
    NobodyCame: said('NobodyCame', 'doorbell'),
  },
}
