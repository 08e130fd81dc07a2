import { Archive } from 'lucide-react'
import { act } from '../live/act.ts'
import type { ConversationView } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'

interface CloseGroupProps {
  readonly view: ConversationView
  readonly onDone?: () => void
}

/** Ends a group, after asking once more. */
export function CloseGroup({ view, onDone }: CloseGroupProps) {
  const { conversation, id } = view
  return (
    <Confirm
      title={`Close ${conversation.name} for good?`}
      about="Its members can still read it. Nothing can be written or changed in it any more, and it cannot be opened again."
      done="Close group"
      onDone={() => {
        void act({ kind: 'close', conversationId: id })
        onDone?.()
      }}
    >
      <Button tone="danger">
        <Archive aria-hidden size={16} />
        Close group …
      </Button>
    </Confirm>
  )
}
