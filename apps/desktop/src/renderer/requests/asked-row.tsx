import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { act } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { conversationsQuery } from '../live/queries.ts'
import { agoWords } from '../people/presence-words.ts'
import { talkTo } from '../people/talk.ts'
import { useNow } from '../people/use-now.ts'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { RequestFrame } from './request-frame.tsx'
import { type Asked, isUnseen } from './request-lists.ts'
import type { Names } from './wish-words.ts'

interface AskedRowProps {
  readonly asked: Asked
  readonly names: Names
}

/** What one asked for oneself, and what became of it. To have looked at it is to have seen it. */
export function AskedRow({ asked, names }: AskedRowProps) {
  const isNew = useSeen(asked)
  return asked.kind === 'join' ? (
    <JoinRow request={asked.request} isNew={isNew} />
  ) : (
    <InvitationRow invitation={asked.invitation} names={names} isNew={isNew} />
  )
}

/** Tells the server that an answer was seen. It stays marked until one leaves the screen. */
function useSeen(asked: Asked): boolean {
  const unseen = isUnseen(asked)
  const isOnline = useOnline()
  const [wasUnseen, setWasUnseen] = useState(unseen)
  useEffect(() => {
    if (unseen) setWasUnseen(true)
    if (!unseen || !isOnline) return
    const { account } = engine
    const marking =
      asked.kind === 'join'
        ? account.markJoinRequestSeen.mutate({ conversationId: asked.request.conversationId })
        : account.markInvitationSeen.mutate({ accountId: asked.invitation.toId })
    // Next time will do.
    marking.catch(() => {})
  }, [unseen, isOnline, asked.key])
  return wasUnseen
}

interface JoinRowProps {
  readonly request: Extract<Asked, { kind: 'join' }>['request']
  readonly isNew: boolean
}

function JoinRow({ request, isNew }: JoinRowProps) {
  const { conversationId, conversationName, state, askedAt, decidedAt } = request
  const now = useNow()
  const { data: conversations } = useQuery(conversationsQuery)
  // One may have left since.
  const isIn = conversations?.some(({ id }) => id === conversationId) ?? false
  const name = <b className="font-medium">{conversationName}</b>
  const ask = () => void act({ kind: 'ask-to-join', conversationId })
  return (
    <RequestFrame
      seed={conversationId}
      name={conversationName}
      shape="group"
      isNew={isNew}
      said={
        state === 'waiting' ? (
          <>You asked to join {name}</>
        ) : state === 'approved' ? (
          <>You were let into {name}</>
        ) : (
          <>{name} did not take you in</>
        )
      }
      when={
        decidedAt === null
          ? `Waits for an admin, asked ${agoWords(askedAt, now)}`
          : `Answered ${agoWords(decidedAt, now)}`
      }
    >
      {state === 'waiting' ? (
        <Button
          aria-label={`Take back the request to join ${conversationName}`}
          onClick={() => void act({ kind: 'cancel-join-request', conversationId })}
        >
          Take back
        </Button>
      ) : state === 'approved' ? (
        isIn && (
          <Button
            aria-label={`Open ${conversationName}`}
            onClick={() => go({ kind: 'conversation', id: conversationId })}
          >
            Open
          </Button>
        )
      ) : (
        <Button tone="quiet" aria-label={`Ask again to join ${conversationName}`} onClick={ask}>
          Ask again
        </Button>
      )}
    </RequestFrame>
  )
}

interface InvitationRowProps {
  readonly invitation: Extract<Asked, { kind: 'invitation' }>['invitation']
  readonly names: Names
  readonly isNew: boolean
}

function InvitationRow({ invitation, names, isNew }: InvitationRowProps) {
  const { toId, state, sentAt, decidedAt } = invitation
  const now = useNow()
  const who = names.person(toId)
  const name = <b className="font-medium">{who}</b>
  return (
    <RequestFrame
      seed={toId}
      name={who}
      shape="person"
      isNew={isNew}
      said={
        state === 'waiting' ? (
          <>You invited {name} to talk</>
        ) : state === 'accepted' ? (
          <>{name} talks to you now</>
        ) : (
          <>{name} declined to talk</>
        )
      }
      when={
        decidedAt === null
          ? `No answer yet, asked ${agoWords(sentAt, now)}`
          : `Answered ${agoWords(decidedAt, now)}`
      }
    >
      {state === 'waiting' && (
        <Button
          aria-label={`Take back the invitation to ${who}`}
          onClick={() => void act({ kind: 'withdraw-invitation', accountId: toId })}
        >
          Take back
        </Button>
      )}
      {state === 'accepted' && (
        <Button aria-label={`Open the conversation with ${who}`} onClick={() => void talkTo(toId)}>
          Open
        </Button>
      )}
    </RequestFrame>
  )
}
