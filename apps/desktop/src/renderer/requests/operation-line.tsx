import { useQuery } from '@tanstack/react-query'
import { Clock, TriangleAlert } from 'lucide-react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { connectionQuery, type Operation } from '../live/queries.ts'
import { wordsFor } from '../live/trouble-words.ts'
import { notice } from '../state/notices.ts'
import { Button } from '../ui/button.tsx'
import { type Names, wishWords } from './wish-words.ts'

interface OperationLineProps {
  readonly operation: Operation
  readonly names: Names
}

/** Something that waits to be done, or was refused and why, and the ways on. */
export function OperationLine({ operation, names }: OperationLineProps) {
  const { data: connection } = useQuery(connectionQuery)
  const { id, action, state, problem } = operation
  const isRefused = state === 'refused'
  const wish = wishWords(action, names)
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <span className="flex min-w-0 flex-1 basis-44 gap-2.5">
        {isRefused ? (
          <TriangleAlert aria-hidden size={16} className="mt-0.5 shrink-0 text-danger" />
        ) : (
          <Clock aria-hidden size={16} className="mt-0.5 shrink-0 text-dim" />
        )}
        <span className="flex min-w-0 flex-col">
          <span className="break-words">{wish}</span>
          <span className={`text-small ${isRefused ? 'text-danger' : 'text-dim'}`}>
            {isRefused && problem
              ? wordsFor(problem.kind, problem.message)
              : waitWords(state, connection?.kind === 'online')}
          </span>
        </span>
      </span>
      <span className="ml-auto flex gap-1">
        {isRefused && (
          <Button tone="quiet" aria-label={`Try again: ${wish}`} onClick={() => retry(id)}>
            Try again
          </Button>
        )}
        {(isRefused || state === 'waiting') && (
          <Button tone="quiet" aria-label={`Undo: ${wish}`} onClick={() => undo(id)}>
            Undo
          </Button>
        )}
      </span>
    </div>
  )
}

function waitWords(state: Operation['state'], isOnline: boolean): string {
  if (state === 'unconfirmed') return 'The answer was lost; it is asked for again by itself.'
  return isOnline ? 'On its way …' : 'Goes out when there is a connection.'
}

function retry(id: Operation['id']): void {
  engine.outbox.retry.mutate({ id }).catch(complain)
}

function undo(id: Operation['id']): void {
  engine.outbox.undo
    .mutate({ id })
    .then((undone) => {
      if (!undone) notice({ tone: 'plain', text: 'Too late: it is on its way already.' })
    })
    .catch(complain)
}
