import { useQuery } from '@tanstack/react-query'
import { MessageCircle, MessageCircleQuestion } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { AccountId } from '@parley/domain/ids'
import { SafetyNumber } from '../encryption/safety-number.tsx'
import { useWhyNotSealed } from '../encryption/why-not-sealed.ts'
import {
  type ConversationKey,
  conversationsQuery,
  meQuery,
  type Person,
  personQuery,
  requestsQuery,
} from '../live/queries.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BotBadge } from '../ui/bot-badge.tsx'
import { Button } from '../ui/button.tsx'
import { Switch } from '../ui/choice.tsx'
import { Shape } from '../ui/states.tsx'
import { CommonGroups } from './common-groups.tsx'
import { presenceWords } from './presence-words.ts'
import { go } from '../state/place.ts'
import { AboutAcceptingSealed, InvitationAnswer } from '../requests/invitation-answer.tsx'
import { talkStanding, type TalkStanding } from './talk-standing.ts'
import { inviteToTalk, talkTo } from './talk.ts'
import { useNow } from './use-now.ts'

interface PersonDetailsProps {
  readonly id: AccountId
  /** Whether to say the name, where nothing above says it. */
  readonly titled?: boolean
  /** In the conversation with this person there is no need to open it. */
  readonly isOpen?: boolean
  /** Where one looks at the person: what is known there of changed keys is said. */
  readonly conversationId?: ConversationKey
}

/** Everything that is known of somebody, and the ways to talk to them. */
export function PersonDetails({ id, titled = true, isOpen = false, conversationId }: PersonDetailsProps) {
  const { data: person } = useQuery(personQuery(id))
  const { data: me } = useQuery(meQuery)
  const now = useNow()
  if (person === undefined) return <Shape lines={2} />
  if (person === null) return <p className="text-dim">This account is not known on this device yet.</p>
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-4">
        <Avatar seed={person.id} name={person.displayName} size={56} />
        <div className="flex min-w-0 flex-col">
          {titled && (
            <span className="flex items-center gap-2">
              <h3 className="truncate text-head font-semibold select-text">{person.displayName}</h3>
              {person.bot && <BotBadge />}
            </span>
          )}
          <span className="flex items-center gap-2">
            <span className="truncate text-dim select-text">@{person.username}</span>
            {!titled && person.bot && <BotBadge />}
          </span>
          <Presence person={person} now={now} />
        </div>
      </div>
      {person.id === me?.id ? (
        <Button className="self-start" onClick={() => go({ kind: 'settings', section: 'profile' })}>
          Edit your profile
        </Button>
      ) : (
        !person.disabled && !isOpen && <Ways person={person} />
      )}
      <Names person={person} />
      {person.id !== me?.id && <SafetyNumber person={person} conversationId={conversationId} />}
      {person.id !== me?.id && <CommonGroups id={person.id} />}
    </div>
  )
}

function Presence({ person, now }: { readonly person: Person; readonly now: number }) {
  const isThere = person.online && !person.disabled
  return (
    <span className="flex items-center gap-1.5 text-small text-dim">
      {isThere && <span aria-hidden className="size-2 rounded-full bg-good" />}
      {presenceWords(person, now)}
    </span>
  )
}

function Ways({ person }: { readonly person: Person }) {
  const { data: conversations = [] } = useQuery(conversationsQuery)
  const { data: requests } = useQuery(requestsQuery)
  const standing = talkStanding(person.id, {
    conversations,
    requests: requests ?? { invitations: [], pending: [] },
  })
  return standing === 'invites-me' ? (
    <InvitesMe person={person} />
  ) : (
    <Begin person={person} standing={standing} />
  )
}

function InvitesMe({ person: { id, displayName } }: { readonly person: Person }) {
  return (
    <div className="flex flex-col gap-2">
      <p>{displayName} wants to talk to you.</p>
      <div className="flex flex-wrap gap-2">
        <InvitationAnswer fromId={id} who={displayName} />
      </div>
      <p className="text-small text-pretty text-dim">
        <AboutAcceptingSealed />
      </p>
    </div>
  )
}

interface BeginProps {
  readonly person: Person
  readonly standing: Exclude<TalkStanding, 'invites-me'>
}

function Begin({ person, standing }: BeginProps) {
  const [sealed, setSealed] = useState(false)
  const whyNot = useWhyNotSealed()
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button tone="primary" onClick={() => void talkTo(person.id, { sealed: sealed && whyNot === null })}>
        <MessageCircle aria-hidden size={16} />
        Message
      </Button>
      {standing === 'none' && (
        <Button onClick={() => void inviteToTalk(person.id, person.displayName)}>
          <MessageCircleQuestion aria-hidden size={16} />
          Invite to talk
        </Button>
      )}
      {standing === 'invited' && <span className="text-dim">Invited, no answer yet</span>}
      {standing !== 'open' && (
        <div className="w-full">
          <Switch
            label="End-to-end encrypted"
            hint={whyNot ?? 'Only your and their devices can read it. It stays so for good.'}
            checked={sealed && whyNot === null}
            disabled={whyNot !== null}
            onChange={setSealed}
          />
        </div>
      )}
    </div>
  )
}

function Names({ person }: { readonly person: Person }) {
  const { name, lastName, bot } = person
  const full = `${name} ${lastName}`.trim()
  if (full === '' && !bot) return null
  return (
    <dl className="flex flex-col gap-2">
      {full !== '' && <Fact name="Name">{full}</Fact>}
      {bot && <Fact name="Kind">A bot: a program that writes here</Fact>}
    </dl>
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
