import { LogOut } from 'lucide-react'
import { useState } from 'react'
import { HandOverDialog } from '../groups/hand-over-dialog.tsx'
import { act } from '../live/act.ts'
import type { ConversationView } from '../live/queries.ts'
import { replacePlace, usePlace } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { rightsIn } from './rights.ts'

/** The way out of a group. Its founder hands it over first, which is offered in its place. */
export function LeaveGroup({ view }: { readonly view: ConversationView }) {
  const [isHandingOver, setHandingOver] = useState(false)
  const { leave } = rightsIn(view)
  if (leave === 'no') return null
  if (leave === 'hand-over-first') {
    return (
      <>
        <Button onClick={() => setHandingOver(true)}>Hand over …</Button>
        {isHandingOver && <HandOverDialog view={view} onClose={() => setHandingOver(false)} />}
      </>
    )
  }
  const isLast = view.role === 'founder' && view.conversation.closedAt === null
  return (
    <Confirm
      title={`Leave ${view.conversation.name}?`}
      about={
        isLast
          ? 'You are its last member: the group is closed, and what you hold of it goes from this device.'
          : 'You will get nothing more of it, and what you hold of it goes from this device.'
      }
      done="Leave"
      onDone={() => leaveNow(view)}
    >
      <Button tone="danger">
        <LogOut aria-hidden size={16} />
        Leave …
      </Button>
    </Confirm>
  )
}

function leaveNow({ id }: ConversationView): void {
  void act({ kind: 'leave', conversationId: id })
  const { place } = usePlace.getState()
  if (place.kind === 'conversation' && place.id === id) replacePlace({ kind: 'home' })
}
