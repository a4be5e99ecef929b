/** The parts of the business, a process each. */
export const partNames = ['order', 'payment', 'shipping'] as const
export type PartName = (typeof partNames)[number]
