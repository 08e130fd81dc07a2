import type { AccountId } from '@parley/domain/ids'
import { useBots } from '../conversation/names.ts'
import { act } from '../live/act.ts'
import { agoWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { BotBadge } from '../ui/bot-badge.tsx'
import { Button } from '../ui/button.tsx'
import { InvitationAnswer } from './invitation-answer.tsx'
import { RequestFrame } from './request-frame.tsx'
import type { Asked } from './request-lists.ts'
import type { Names } from './wish-words.ts'

interface AnswerRowProps {
  readonly asked: Asked
  readonly names: Names
}

/** Somebody waits for a yes or no. */
export function AnswerRow({ asked, names }: AnswerRowProps) {
  return asked.kind === 'join' ? (
    <JoinRow request={asked.request} names={names} />
  ) : (
    <InvitationRow invitation={asked.invitation} names={names} />
  )
}

interface JoinRowProps {
  readonly request: Extract<Asked, { kind: 'join' }>['request']
  readonly names: Names
}

function JoinRow({ request, names }: JoinRowProps) {
  const { accountId, conversationId, conversationName, askedAt } = request
  const now = useNow()
  const who = names.person(accountId)
  const decide = (kind: 'approve-join' | 'decline-join') => void act({ kind, conversationId, accountId })
  return (
    <RequestFrame
      seed={accountId}
      name={who}
      shape="person"
      said={
        <>
          <Asker id={accountId} name={who} /> asks to join <b className="font-medium">{conversationName}</b>
        </>
      }
      when={`Asked ${agoWords(askedAt, now)}`}
    >
      <Button aria-label={`Decline ${who}`} onClick={() => decide('decline-join')}>
        Decline
      </Button>
      <Button tone="primary" aria-label={`Approve ${who}`} onClick={() => decide('approve-join')}>
        Approve
      </Button>
    </RequestFrame>
  )
}

interface AskerProps {
  readonly id: AccountId
  readonly name: string
}

function Asker({ id, name }: AskerProps) {
  const isBot = useBots().has(id)
  return (
    <>
      <b className="font-medium">{name}</b>
      {isBot && (
        <>
          {' '}
          <BotBadge />
        </>
      )}
    </>
  )
}

interface InvitationRowProps {
  readonly invitation: Extract<Asked, { kind: 'invitation' }>['invitation']
  readonly names: Names
}

function InvitationRow({ invitation, names }: InvitationRowProps) {
  const { fromId, sentAt } = invitation
  const now = useNow()
  const who = names.person(fromId)
  return (
    <RequestFrame
      seed={fromId}
      name={who}
      shape="person"
      said={
        <>
          <Asker id={fromId} name={who} /> wants to talk to you
        </>
      }
      when={`Asked ${agoWords(sentAt, now)}`}
    >
      <InvitationAnswer fromId={fromId} who={who} />
    </RequestFrame>
  )
}
