import { type BrokerRecord, type Headers, type OutgoingMessage, PoisonError } from '#messaging'

/**
 * What an operator may ask of any participant, whatever its machine. `redrive` and `discard` end a hold that a row has put on a
 * saga; `pause` puts one on by hand and `resume` takes it off; `retry` has effects that wait for their next attempt try at once.
 */
export const commands = ['redrive', 'discard', 'pause', 'resume', 'retry'] as const
export type Command = (typeof commands)[number]

/** A command to one saga's part. It enters the journal like any other cause, so it is its own audit record. */
export type Control = {
  /** The same command sent twice is taken once. */
  readonly id: string
  readonly command: Command
  /** Who asks, and why. */
  readonly by: string
  readonly reason: string
  /** Of `redrive` and `discard`: the row that holds the saga, when one does. */
  readonly row?: string
}

/** The topic of operators' commands to a participant. Signals that its machine declares travel on it too. */
export function controlTopic(participant: string): string {
  return `${participant}.control`
}

/** The command as a message. A redrive carries the dead letter itself: its value and all of its headers. */
export function controlMessage(
  participant: string,
  sagaId: string,
  { id, command, by, reason, row }: Control,
  letter: { readonly value: Buffer | null; readonly headers: Headers } = { value: null, headers: {} },
): OutgoingMessage {
  return {
    topic: controlTopic(participant),
    key: sagaId,
    value: letter.value,
    headers: {
      ...letter.headers,
      control_id: id,
      control_command: command,
      control_by: by,
      control_reason: reason,
      ...(row !== undefined && { control_row: row }),
    },
  }
}

/** A record of the control topic that is a command; all others there are signals. */
export function isControl(participant: string, { topic, headers }: BrokerRecord): boolean {
  return topic === controlTopic(participant) && headers.control_command !== undefined
}

/** Throws a `PoisonError` for a command that nobody here knows or that says too little. */
export function readControl({ headers }: BrokerRecord): Control {
  const { control_id: id, control_by: by = '', control_reason: reason = '', control_row: row } = headers
  const command = commands.find((known) => known === headers.control_command)
  if (!id || !command) {
    throw new PoisonError(
      `"${headers.control_command}" with the id "${id ?? ''}" is no command; known are ${commands.join(', ')}`,
      { code: 'CHORUS_UNKNOWN_COMMAND' },
    )
  }
  return { id, command, by, reason, ...(row !== undefined && { row }) }
}
