import { useQuery } from '@tanstack/react-query'
import { MessagesSquare } from 'lucide-react'
import { conversationsQuery } from '../live/queries.ts'
import { openOverlay } from '../state/overlay.ts'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'

/** Before anything is open. */
export function Home() {
  const { data: conversations } = useQuery(conversationsQuery)
  if (!conversations) return null
  return conversations.length > 0 ? (
    <Empty icon={<MessagesSquare size={28} />} title="Nothing is open">
      <p>Choose a conversation on the left, or press Ctrl+K to go anywhere.</p>
    </Empty>
  ) : (
    <Empty icon={<MessagesSquare size={28} />} title="Say the first word">
      <p>Talk to somebody, find a group to join, or make one of your own.</p>
      <div className="flex gap-2">
        <Button tone="primary" onClick={() => go({ kind: 'people' })}>
          Find people
        </Button>
        <Button onClick={() => openOverlay({ kind: 'make-group' })}>Make a group</Button>
      </div>
    </Empty>
  )
}
