import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { SealingAbout } from '../encryption/sealing-about.tsx'
import { CloseGroup } from '../groups/close-group.tsx'
import { memberWords, policyWords } from '../groups/policy-words.ts'
import { linkTo } from '../live/link-to.ts'
import { type ConversationView, personQuery, stateQuery } from '../live/queries.ts'
import { PersonDetails } from '../people/person-details.tsx'
import { dateWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { openOverlay } from '../state/overlay.ts'
import { openPane } from '../state/place.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { LeaveGroup } from './leave-group.tsx'
import { NotificationLevel } from './notification-level.tsx'
import { RefusedHere } from './refused-here.tsx'
import { rightsIn } from './rights.ts'

const kindsHere = [
  'rename',
  'describe',
  'set-join-policy',
  'turn-sealed',
  'set-history',
  'close',
  'leave',
] as const

/** What a conversation is, and what can be done with it as a whole. */
export function AboutPane({ view }: { readonly view: ConversationView }) {
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-6 overflow-y-auto p-4">
      {view.conversation.kind === 'group' ? (
        <AboutGroup view={view} />
      ) : (
        view.otherId !== null && <PersonDetails id={view.otherId} isOpen conversationId={view.id} />
      )}
      {!view.id.startsWith('local-') && <SealingAbout view={view} />}
      <NotificationLevel view={view} />
      {view.conversation.kind === 'group' && <Ending view={view} />}
    </div>
  )
}

function AboutGroup({ view }: { readonly view: ConversationView }) {
  const { conversation, id, memberCount } = view
  const { data: state } = useQuery(stateQuery)
  const server = state?.kind === 'signed-in' ? state.account.url : null
  const rights = rightsIn(view)
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-4">
        <Avatar seed={id} name={conversation.name} size={56} shape="group" />
        <div className="flex min-w-0 flex-col">
          <h3 className="text-head font-semibold break-words select-text">{conversation.name}</h3>
          <button
            type="button"
            onClick={() => openPane({ kind: 'members' })}
            className="self-start rounded-small text-link hover:underline"
          >
            {memberWords(memberCount)}
          </button>
        </div>
      </div>
      <RefusedHere id={id} kinds={kindsHere} />
      {conversation.description !== '' && (
        <p className="break-words whitespace-pre-wrap select-text">{conversation.description}</p>
      )}
      <div className="flex flex-wrap gap-2">
        {rights.rename && <Button onClick={() => openOverlay({ kind: 'edit-group', id })}>Edit</Button>}
        {rights.addMembers && (
          <Button onClick={() => openOverlay({ kind: 'add-members', id })}>Add people</Button>
        )}
        {server !== null && !id.startsWith('local-') && conversation.closedAt === null && (
          <CopyButton text={linkTo(server, id)} label="Copy link" />
        )}
      </div>
      <Facts view={view} />
    </div>
  )
}

function Facts({ view }: { readonly view: ConversationView }) {
  const { joinPolicy, listed, createdAt, closedAt, founderId } = view.conversation
  const now = useNow()
  return (
    <dl className="flex flex-col gap-2">
      {closedAt === null && <Fact name="Joining">{policyWords[joinPolicy].label}</Fact>}
      {closedAt === null && joinPolicy !== 'closed' && (
        <Fact name="Found by">{listed ? 'Everybody on this server' : 'Whoever has its link'}</Fact>
      )}
      {founderId !== null && (
        <Fact name="Founder">
          <Founder id={founderId} />
        </Fact>
      )}
      <Fact name="Made">{dateWords(createdAt, now)}</Fact>
      {closedAt !== null && (
        <Fact name="Closed">{dateWords(closedAt, now)}. It can be read, and nothing in it changes.</Fact>
      )}
    </dl>
  )
}

type FounderId = NonNullable<ConversationView['conversation']['founderId']>

function Founder({ id }: { readonly id: FounderId }) {
  const { data: person } = useQuery(personQuery(id))
  return (
    <button
      type="button"
      onClick={() => openPane({ kind: 'person', id })}
      className="rounded-small text-left text-link hover:underline"
    >
      {person?.displayName ?? 'Somebody'}
    </button>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="flex gap-3">
      <dt className="w-20 shrink-0 text-dim">{name}</dt>
      <dd className="min-w-0 select-text">{children}</dd>
    </div>
  )
}

function Ending({ view }: { readonly view: ConversationView }) {
  if (view.id.startsWith('local-')) return null
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      {rightsIn(view).leave === 'hand-over-first' && (
        <p className="text-small text-dim">
          You are its founder. Hand the group over before you leave it, or close it.
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <LeaveGroup view={view} />
        {rightsIn(view).close && <CloseGroup view={view} />}
      </div>
    </div>
  )
}
