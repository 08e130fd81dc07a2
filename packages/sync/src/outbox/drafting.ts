import type { ActionOf, ConversationKey } from '../actions.ts'
import { draftCharsMax } from '../limits.ts'
import { conversationMadeBy, heldConversation } from '../store/conversations.ts'
import { heldDraft, putDraft } from '../store/drafts.ts'
import type { Queued } from '../store/operations.ts'
import { returnOutgoing } from '../store/outgoing.ts'
import type { Store, Touch } from '../store/store.ts'
import type { Draft } from '../views.ts'
import { isLocal, makerOf } from './order.ts'

/** Keeps what is being written; an empty draft is none. Its attachments are kept by themselves. */
export function keepDraft(store: Store, id: ConversationKey, draft: Draft | null): void {
  store.write((touch) => put(store, touch, nameNow(store, id), draft))
}

/** The server may have named it since the screen was drawn. */
const nameNow = ({ connection }: Store, id: ConversationKey): ConversationKey =>
  (isLocal(id) ? conversationMadeBy(connection, makerOf(id)) : null) ?? id

/** A message that was taken back can be gone on with: what it said and carried is in the draft again, before what is there. */
export function giveBack(store: Store, touch: Touch, { id, action }: Queued): void {
  if (action.kind !== 'send') return
  const { conversationId } = action
  if (!isLocal(conversationId) && !heldConversation(store.connection, conversationId)) return
  returnOutgoing(store.connection, id)
  put(store, touch, conversationId, withMessage(heldDraft(store.connection, conversationId), action))
}

function withMessage(draft: Draft | null, { content, replyTo }: ActionOf<'send'>): Draft {
  const before = (text: string) => [content.text, text].filter((part) => part !== '').join('\n')
  if (draft?.editing !== undefined) return { ...draft, aside: before(draft.aside ?? '') }
  const text = draft?.text ?? ''
  const repliesTo = draft?.replyTo ?? (text === '' ? replyTo : undefined)
  return { text: before(text), ...(repliesTo !== undefined && { replyTo: repliesTo }) }
}

function put({ connection }: Store, touch: Touch, id: ConversationKey, draft: Draft | null): void {
  const kept = draft && {
    ...draft,
    text: draft.text.slice(0, draftCharsMax),
    aside: draft.aside?.slice(0, draftCharsMax),
  }
  const isEmpty =
    kept === null || (kept.text === '' && kept.replyTo === undefined && kept.editing === undefined)
  putDraft(connection, id, isEmpty ? null : kept)
  touch('conversations')
  touch(`conversation:${id}`)
}
