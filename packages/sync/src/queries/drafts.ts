import type { ConversationKey } from '../actions.ts'
import { heldDraft, heldDrafts } from '../store/drafts.ts'
import { type Outgoing, outgoingOfDraft, outgoingOfDrafts } from '../store/outgoing.ts'
import type { Store } from '../store/store.ts'
import type { Draft, DraftAttachment, DraftView } from '../views.ts'

export const draftAttachmentOf = ({
  id,
  conversationId,
  name,
  mediaType,
  bytes,
}: Outgoing): DraftAttachment => ({
  id,
  conversationId,
  name,
  mediaType,
  bytes,
})

/** Attachments alone are a draft too. */
const viewOf = (draft: Draft | null, files: readonly Outgoing[]): DraftView | null =>
  draft || files.length > 0 ? { ...(draft ?? { text: '' }), attachments: files.map(draftAttachmentOf) } : null

export const draftOf = ({ connection }: Store, key: ConversationKey): DraftView | null =>
  viewOf(heldDraft(connection, key), outgoingOfDraft(connection, key))

/** Of all conversations, by one look at each table. */
export function draftsOf({ connection }: Store): (key: ConversationKey) => DraftView | null {
  const drafts = heldDrafts(connection)
  const files = outgoingOfDrafts(connection)
  return (key) => viewOf(drafts.get(key) ?? null, files.get(key) ?? [])
}
