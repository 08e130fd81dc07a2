import { JsonOf } from './json.ts'
import type { ConversationKey } from '../actions.ts'
import type { Draft } from '../views.ts'
import type { Connection } from './ciphers.ts'
import { dropOutgoingOfDraft, moveOutgoing } from './outgoing.ts'
import { Statement } from './statement.ts'

const draftJson = new JsonOf<Draft>()

const put = new Statement<[string, string]>(
  'insert into draft (conversationId, json) values (?, ?) on conflict (conversationId) do update set json = excluded.json',
)
const drop = new Statement<[string]>('delete from draft where conversationId = ?')
const one = new Statement<[string], string>('select json from draft where conversationId = ?', 'value')
const all = new Statement<[], { conversationId: ConversationKey; json: string }>('select * from draft')
const move = new Statement<[string, string]>(
  'update or replace draft set conversationId = ? where conversationId = ?',
)

export function putDraft(connection: Connection, id: ConversationKey, draft: Draft | null): void {
  if (draft === null) drop.on(connection).run(id)
  else {
    const { text, replyTo, editing, aside } = draft
    put.on(connection).run(id, JSON.stringify({ text, replyTo, editing, aside }))
  }
}

/** With its attachments. */
export function dropDraft(connection: Connection, id: ConversationKey): void {
  drop.on(connection).run(id)
  dropOutgoingOfDraft(connection, id)
}

export const heldDraft = (connection: Connection, id: ConversationKey): Draft | null => {
  const json = one.on(connection).get(id)
  return json === undefined ? null : draftJson.read(json)
}

export const heldDrafts = (connection: Connection): ReadonlyMap<ConversationKey, Draft> =>
  new Map(
    all
      .on(connection)
      .all()
      .map(({ conversationId, json }) => [conversationId, draftJson.read(json)]),
  )

/** A conversation that was made here has its real id now. */
export function moveDraft(connection: Connection, from: ConversationKey, to: ConversationKey): void {
  move.on(connection).run(to, from)
  moveOutgoing(connection, from, to)
}
