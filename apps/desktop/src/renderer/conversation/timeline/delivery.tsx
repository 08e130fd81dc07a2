import { useQuery } from '@tanstack/react-query'
import { CircleAlert, Clock } from 'lucide-react'
import type { ReactNode } from 'react'
import { type Operation, outboxQuery, type TimelineMessage } from '../../live/queries.ts'
import { wordsFor } from '../../live/trouble-words.ts'
import { useLasting } from '../../shell/use-countdown.ts'
import { takeBack } from '../composer/taking-back.ts'
import { retryOperations } from './doing.ts'

/** What is on its way for less is not worth a word. */
const quietMs = 1_000

/** Where a message of one's own stands that the server has not confirmed, and what one can do about it. */
export function DeliveryLine({ message }: { readonly message: TimelineMessage }) {
  const { delivery, problem, operationId } = message
  const late = useLasting(delivery === 'sending', quietMs)
  if (operationId === null) return null
  const ids = [operationId]
  switch (delivery) {
    case 'failed':
      return (
        <Refused
          text={`Not sent. ${problem ? wordsFor(problem.kind, problem.message) : ''}`}
          ids={ids}
          undo="Take back"
        />
      )
    case 'unconfirmed':
      return <Waiting>Sent, not confirmed yet. It is asked for again by itself.</Waiting>
    case 'sending':
      return late ? (
        <Waiting>
          Waiting to be sent
          <Way onClick={() => void takeBack(ids)}>Take back</Way>
        </Waiting>
      ) : null
    case 'sent':
    case 'confirmed':
      return null
  }
}

/** What waits to be done to a message, or was refused: an edit, a deletion, a reaction. */
export function PendingLine({ message }: { readonly message: TimelineMessage }) {
  const { data: outbox } = useQuery(outboxQuery)
  const late = useLasting(true, quietMs)
  const operations = outbox?.filter(({ id }) => message.pending.includes(id)) ?? []
  const refused = operations.filter(({ state }) => state === 'refused')
  const waiting = operations.filter(({ state }) => state === 'waiting')
  return (
    <>
      {refused.map((operation) => (
        <Refused
          key={operation.id}
          text={`${refusedWords(operation)} ${operation.problem ? wordsFor(operation.problem.kind, operation.problem.message) : ''}`}
          ids={[operation.id]}
          undo={operation.action.kind === 'edit' ? 'Drop the edit' : 'Leave it'}
        />
      ))}
      {late && waiting.length > 0 && (
        <Waiting>
          {waitingWords(waiting)}
          <Way onClick={() => void takeBack(waiting.map(({ id }) => id))}>Take back</Way>
        </Waiting>
      )}
    </>
  )
}

function refusedWords({ action }: Operation): string {
  switch (action.kind) {
    case 'edit':
      return 'The edit was not taken.'
    case 'delete':
      return 'It was not deleted.'
    case 'react':
      return `${action.emoji} was not taken.`
    default:
      return 'This was not done.'
  }
}

function waitingWords(operations: readonly Operation[]): string {
  const kinds = new Set(operations.map(({ action }) => action.kind))
  if (kinds.has('delete')) return 'The deletion waits to be sent'
  return kinds.has('edit') ? 'The edit waits to be sent' : 'The reaction waits to be sent'
}

function Waiting({ children }: { readonly children: ReactNode }) {
  return (
    <p className="mt-0.5 flex items-center gap-1.5 text-small text-dim">
      <Clock aria-hidden size={12} />
      {children}
    </p>
  )
}

interface RefusedProps {
  readonly text: string
  readonly ids: readonly string[]
  readonly undo: string
}

function Refused({ text, ids, undo }: RefusedProps) {
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-x-1.5 text-small text-danger">
      <CircleAlert aria-hidden size={12} />
      <span className="text-danger">{text}</span>
      <Way onClick={() => void retryOperations(ids)}>Try again</Way>
      <Way onClick={() => void takeBack(ids)}>{undo}</Way>
    </p>
  )
}

function Way({ onClick, children }: { readonly onClick: () => void; readonly children: ReactNode }) {
  return (
    <button type="button" onClick={onClick} className="font-medium text-link hover:underline">
      {children}
    </button>
  )
}
