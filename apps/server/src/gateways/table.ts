import type { Chat } from '@parley/chat/chat'
import { invalidInput, Refusal } from '@parley/domain/refusal'
import { type z, ZodError } from 'zod'

/** One type of message: what it must look like, and what is done about it. */
export interface Kind<Talk> {
  /** @throws ZodError for a missing or wrongly typed field */
  read(message: unknown): (talk: Talk) => Promise<void>
}

/** Makes the kinds of a note. */
export const kindsOf =
  <Talk>() =>
  <Schema extends z.ZodType>(
    schema: Schema,
    handle: (talk: Talk, message: z.output<Schema>) => Promise<void>,
  ): Kind<Talk> => ({
    read(message) {
      const parsed = schema.parse(message)
      return (talk) => handle(talk, parsed)
    },
  })

/** A "no" as every gateway says it, each in the form of its note. */
export interface Said {
  readonly code: string
  /** Names the field or the reason. */
  readonly message: string
}

/** What fields of ours are called in a note. */
export type FieldNames = Readonly<Record<string, string>>

/** What went wrong, as it can be told. A defect of ours is logged, and told as one. */
export function said(chat: Chat, error: unknown, names: FieldNames): Said {
  const refusal = error instanceof ZodError ? invalidInput(error) : error
  if (refusal instanceof Refusal) {
    const { field } = refusal.detail
    if (field === undefined) return { code: refusal.kind, message: refusal.message }
    const reason = refusal.message.startsWith(`${field}: `)
      ? refusal.message.slice(field.length + 2)
      : refusal.message
    return { code: refusal.kind, message: `${names[field] ?? field}: ${reason}` }
  }
  chat.log('gateway-failed', { error })
  return { code: 'defect', message: 'The server has failed at this. It is in its log.' }
}

export const notJson: Said = { code: 'invalid-input', message: 'A frame must be JSON text.' }
