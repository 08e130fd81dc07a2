import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { act, complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { connectionQuery, type GroupAbout, type Operation } from '../live/queries.ts'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import type { GroupStanding } from './group-standing.ts'
import { JoinPasswordDialog } from './join-password-dialog.tsx'
import { rememberGroup } from './met-groups.ts'

interface GroupActionsProps {
  readonly group: GroupAbout
  readonly standing: GroupStanding
}

/** What one can do about a group: go in, each policy in its own way, wait, or stop waiting. */
export function GroupActions({ group, standing }: GroupActionsProps) {
  const [isAsked, setAsked] = useState(false)
  const join = useJoin(group, standing)
  const start = () => {
    if (group.joinPolicy === 'password') setAsked(true)
    else void join.start()
  }
  return (
    <span className="flex shrink-0 items-center gap-3">
      <StandingButton group={group} standing={standing} onStart={start} />
      {isAsked && (
        <JoinPasswordDialog
          name={group.name}
          standing={standing}
          onJoin={join.start}
          onClose={() => setAsked(false)}
        />
      )}
    </span>
  )
}

interface StandingButtonProps extends GroupActionsProps {
  readonly onStart: () => void
}

function StandingButton({ group, standing, onStart }: StandingButtonProps) {
  const { data: connection } = useQuery(connectionQuery)
  const isAway = connection !== undefined && connection.kind !== 'online'
  const { id, name, joinPolicy } = group
  const asks = joinPolicy === 'approval'
  switch (standing.kind) {
    case 'member':
      return (
        <Button aria-label={`Open ${name}`} onClick={() => go({ kind: 'conversation', id })}>
          Open
        </Button>
      )
    case 'joining':
    case 'asking':
      return (
        <Waiting
          said={isAway ? 'Goes out later' : standing.kind === 'joining' ? 'Joining …' : 'Asking …'}
          stop={`Cancel joining ${name}`}
          onStop={() => undo(standing.operation)}
        />
      )
    case 'asked':
      return (
        <Waiting
          said="Waits for an admin"
          stop={`Cancel the request to join ${name}`}
          onStop={() => void act({ kind: 'cancel-join-request', conversationId: id })}
        />
      )
    case 'refused':
    case 'declined':
    case 'outside':
      if (joinPolicy === 'closed') return null
      return (
        <Button aria-label={`${startWords(asks, standing.kind !== 'outside')} ${name}`} onClick={onStart}>
          {startWords(asks, standing.kind !== 'outside')}
        </Button>
      )
  }
}

const startWords = (asks: boolean, again: boolean) =>
  again ? (asks ? 'Ask again' : 'Try again') : asks ? 'Ask to join' : 'Join'

interface WaitingProps {
  readonly said: string
  readonly stop: string
  readonly onStop: () => void
}

function Waiting({ said, stop, onStop }: WaitingProps) {
  return (
    <>
      <span role="status" className="text-dim">
        {said}
      </span>
      <Button tone="quiet" aria-label={stop} onClick={onStop}>
        Cancel
      </Button>
    </>
  )
}

function undo({ id }: Operation): void {
  engine.outbox.undo.mutate({ id }).catch(complain)
}

/** Joins or asks to, and goes in once that has come true while one is still looking. */
function useJoin(group: GroupAbout, standing: GroupStanding) {
  const { id, joinPolicy } = group
  const isWished = useRef(false)
  useEffect(() => {
    if (standing.kind !== 'member' || !isWished.current) return
    isWished.current = false
    go({ kind: 'conversation', id })
  }, [standing.kind, id])

  const start = async (password?: string): Promise<void> => {
    rememberGroup(group)
    // What was refused before is done with.
    if (standing.kind === 'refused') await engine.outbox.undo.mutate({ id: standing.operation.id })
    if (joinPolicy === 'approval') {
      await act({ kind: 'ask-to-join', conversationId: id })
      return
    }
    isWished.current = true
    await act({ kind: 'join', conversationId: id, ...(password !== undefined && { password }) })
  }
  return { start }
}
