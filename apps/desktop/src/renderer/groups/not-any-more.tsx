import type { ConversationView } from '../live/queries.ts'
import { closeOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'

/** What a dialog was about went away while it was open. */
export function NotAnyMore({ view }: { readonly view: ConversationView | null }) {
  return (
    <Dialog
      title={view ? view.conversation.name : 'This group'}
      about={
        !view
          ? 'You are not in this group any more.'
          : view.conversation.closedAt !== null
            ? 'This group was closed. It can be read, and nothing in it changes.'
            : 'Your role in this group does not allow this any more.'
      }
      onClose={closeOverlay}
    >
      <footer className="flex justify-end px-5 pt-3 pb-4">
        <Button tone="primary" onClick={closeOverlay}>
          All right
        </Button>
      </footer>
    </Dialog>
  )
}
