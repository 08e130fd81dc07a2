import { useQuery } from '@tanstack/react-query'
import type { AccountId } from '@parley/domain/ids'
import { type ConversationKey, type ConversationView, conversationQuery } from '../live/queries.ts'
import type { Pane } from '../state/place.ts'
import { AboutPane } from './about-pane.tsx'
import { MembersPane } from './members-pane.tsx'
import { PaneFrame } from './pane-frame.tsx'
import { PersonPane } from './person-pane.tsx'

interface RightPaneProps {
  readonly conversationId: ConversationKey
  readonly pane: Pane
}

/** What there is to know beside the conversation that is open. It goes with the conversation. */
export function RightPane({ conversationId, pane }: RightPaneProps) {
  const { data: view } = useQuery(conversationQuery(conversationId))
  if (!view) return null
  return (
    <PaneFrame title={titleFor(view, pane)} pane={pane} back={backFrom(view, pane)}>
      <Shown view={view} pane={pane} />
    </PaneFrame>
  )
}

function Shown({ view, pane }: { readonly view: ConversationView; readonly pane: Pane }) {
  switch (pane.kind) {
    case 'about':
      return <AboutPane view={view} />
    case 'members':
      // Of two people there is no list: the other one is what it is about.
      return view.conversation.kind === 'group' ? <MembersPane view={view} /> : <AboutPane view={view} />
    case 'person':
      return isAccountId(pane.id) ? <PersonPane view={view} id={pane.id} /> : null
    case 'search':
      return null
  }
}

const isAccountId = (id: string): id is AccountId => /^a[A-Za-z0-9_-]{15}$/.test(id)

function titleFor({ conversation }: ConversationView, { kind }: Pane): string {
  const isGroup = conversation.kind === 'group'
  if (kind === 'search') return 'Search'
  if (kind === 'person') return 'Person'
  return isGroup ? (kind === 'members' ? 'Members' : 'About this group') : 'Details'
}

/** Somebody is opened from among the members. */
const backFrom = ({ conversation }: ConversationView, { kind }: Pane): Pane | null =>
  kind === 'person' && conversation.kind === 'group' ? { kind: 'members' } : null
