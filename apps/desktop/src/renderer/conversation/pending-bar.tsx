import { useQuery } from '@tanstack/react-query'
import { CircleAlert, Clock } from 'lucide-react'
import { type ConversationView, type Operation, outboxQuery } from '../live/queries.ts'
import { wordsFor } from '../live/trouble-words.ts'
import { useLasting } from '../shell/use-countdown.ts'
import { useNameOf } from './names.ts'
import { takeBack } from './composer/taking-back.ts'
import { retryOperations } from './timeline/doing.ts'

/** What is done sooner is not worth a bar. */
const quietMs = 1_500

/** What of the conversation itself waits to be done or was refused: its making, a rename, adding people. */
export function PendingBar({ view }: { readonly view: ConversationView }) {
  const { data: outbox } = useQuery({ ...outboxQuery, enabled: view.pending.length > 0 })
  if (view.pending.length === 0 || !outbox) return null
  const operations = outbox.filter(
    ({ id, action }) => view.pending.includes(id) && action.kind !== 'mark-read',
  )
  const refused = operations.filter(({ state }) => state === 'refused')
  const waiting = operations.filter(({ state }) => state === 'waiting')
  return (
    <>
      {refused.map((operation) => (
        <RefusedBar key={operation.id} operation={operation} />
      ))}
      {waiting.length > 0 && <WaitingBar operations={waiting} />}
    </>
  )
}

function RefusedBar({ operation }: { readonly operation: Operation }) {
  const words = useWords(operation)
  const { problem } = operation
  return (
    <div
      role="alert"
      className="flex min-h-9 items-center gap-2.5 border-b border-line bg-danger-ground px-4 py-1 text-danger"
    >
      <CircleAlert aria-hidden size={16} className="shrink-0" />
      <span className="min-w-0 flex-1">
        {words} was refused. {problem ? wordsFor(problem.kind, problem.message) : ''}
      </span>
      <Way label="Try again" onClick={() => void retryOperations([operation.id])} />
      <Way label="Undo" onClick={() => void takeBack([operation.id])} />
    </div>
  )
}

function WaitingBar({ operations }: { readonly operations: readonly Operation[] }) {
  const late = useLasting(true, quietMs)
  const [first] = operations
  const words = useWords(first)
  if (!late) return null
  const more = operations.length - 1
  return (
    <div role="status" className="flex min-h-9 items-center gap-2.5 border-b border-line px-4 py-1 text-dim">
      <Clock aria-hidden size={16} className="shrink-0" />
      <span className="min-w-0 flex-1 truncate">
        {words}
        {more === 0
          ? ' waits'
          : ` and ${more === 1 ? 'another change' : `${String(more)} more changes`} wait`}{' '}
        for the server.
      </span>
      <Way label="Undo" onClick={() => void takeBack(operations.map(({ id }) => id))} />
    </div>
  )
}

/** What somebody did, as the beginning of a sentence. */
function useWords(operation: Operation | undefined): string {
  const nameOf = useNameOf()
  if (!operation) return ''
  const { action } = operation
  switch (action.kind) {
    case 'make-group':
      return `Making “${action.name}”`
    case 'open-direct':
      return `The conversation with ${nameOf(action.accountId)}`
    case 'rename':
      return `The new name “${action.name}”`
    case 'describe':
      return 'The new description'
    case 'set-join-policy':
      return 'The new way to join'
    case 'turn-sealed':
      return 'Turning encryption on'
    case 'set-history':
      return 'What newcomers may read'
    case 'close':
      return 'Closing the group'
    case 'leave':
      return 'Leaving'
    case 'add-members': {
      const [one] = action.accountIds
      return action.accountIds.length === 1 && one ? `Adding ${nameOf(one)}` : 'Adding people'
    }
    case 'remove-member':
      return `Removing ${nameOf(action.accountId)}`
    case 'set-role':
      return `The new role of ${nameOf(action.accountId)}`
    case 'hand-over':
      return `Handing over to ${nameOf(action.accountId)}`
    default:
      return 'What you did'
  }
}

function Way({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="shrink-0 rounded-small px-1.5 font-medium text-link hover:underline"
    >
      {label}
    </button>
  )
}
