import { useQuery } from '@tanstack/react-query'
import { MessagesSquare } from 'lucide-react'
import { conversationsQuery } from '../live/queries.ts'
import { openOverlay } from '../state/overlay.ts'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { Keys } from '../ui/keys.tsx'
import { Empty } from '../ui/states.tsx'

/** Before anything is open. */
export function Home() {
  const { data: conversations } = useQuery(conversationsQuery)
  if (!conversations) return null
  return (
    <>
      <h1 className="sr-only">Parley</h1>
      {conversations.length > 0 ? <NothingOpen /> : <Beginning />}
    </>
  )
}

const NothingOpen = () => (
  <Empty level={1} icon={<MessagesSquare size={28} />} title="Nothing is open">
    <p>
      Choose a conversation on the left, or press <Keys keys="Mod+K" /> to go anywhere.
    </p>
  </Empty>
)

/** Somebody who is in no conversation yet. */
const Beginning = () => (
  <Empty level={1} icon={<MessagesSquare size={28} />} title="Say the first word">
    <p>Talk to somebody, find a group to join, or make one of your own.</p>
    <div className="flex gap-2">
      <Button tone="primary" onClick={() => go({ kind: 'people' })}>
        Find people
      </Button>
      <Button onClick={() => openOverlay({ kind: 'make-group' })}>Make a group</Button>
    </div>
  </Empty>
)
