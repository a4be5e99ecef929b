/** Who has something said or done by hand, and why. What participants say by themselves has neither. */
export type Asker = {
  readonly by?: string
  readonly reason?: string
}

/** That much of an event, a header or a row, and nothing else of it. */
export function askerOf({ by, reason }: { readonly [Name in keyof Asker]: Asker[Name] | undefined }): Asker {
  return { ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) }
}
