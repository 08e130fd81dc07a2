import type { ConversationKey } from '../actions.ts'
import { draftCharsMax } from '../limits.ts'
import { putDraft } from '../store/drafts.ts'
import type { Store } from '../store/store.ts'
import type { Draft } from '../views.ts'

/** Keeps what is being written; an empty draft is none. Its attachments are kept by themselves. */
export function keepDraft(store: Store, id: ConversationKey, draft: Draft | null): void {
  const kept = draft && { ...draft, text: draft.text.slice(0, draftCharsMax) }
  const isEmpty =
    kept === null || (kept.text === '' && kept.replyTo === undefined && kept.editing === undefined)
  store.write((touch) => {
    putDraft(store.connection, id, isEmpty ? null : kept)
    touch('conversations')
    touch(`conversation:${id}`)
  })
}
