import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import type { AccountId } from '@parley/domain/ids'
import { type ConversationKey, type ConversationView, conversationQuery } from '../live/queries.ts'
import type { Pane } from '../state/place.ts'
import { Shape } from '../ui/states.tsx'
import { PaneFrame } from './pane-frame.tsx'

// Not there at the first paint of a window, even where one of them is open in it.
const AboutPane = lazy(() => import('./about-pane.tsx').then((module) => ({ default: module.AboutPane })))
const MembersPane = lazy(() =>
  import('./members-pane.tsx').then((module) => ({ default: module.MembersPane })),
)
const SearchPane = lazy(() => import('./search-pane.tsx').then((module) => ({ default: module.SearchPane })))
const PersonPane = lazy(() => import('./person-pane.tsx').then((module) => ({ default: module.PersonPane })))

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
      <Suspense fallback={<Shape lines={3} />}>
        <Shown view={view} pane={pane} />
      </Suspense>
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
      return <SearchPane conversationId={view.id} />
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
