import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { troubleText } from '../live/act.ts'
import { connectionQuery } from '../live/queries.ts'
import { Empty, Failed, Shape } from './states.tsx'

interface FromServerProps<Answer> {
  readonly query: UseQueryResult<Answer>
  /** Lines of the shape that is shown while it comes. */
  readonly lines?: number
  readonly children: (answer: Answer) => ReactNode
}

/** What only the server knows: its shape while it comes, and why it does not come. What came before stays on screen. */
export function FromServer<Answer>({ query, lines = 4, children }: FromServerProps<Answer>) {
  const { data: connection } = useQuery(connectionQuery)
  const away = connection !== undefined && connection.kind !== 'online' && connection.kind !== 'connecting'
  if (query.data !== undefined) {
    return (
      <>
        {away && (
          <p role="status" className="border-b border-line px-4 py-2 text-small text-dim">
            There is no connection. This is how it was last known.
          </p>
        )}
        {children(query.data)}
      </>
    )
  }
  if (away) {
    return (
      <Empty icon={<CloudOff size={20} />} title="There is no connection">
        <p>This is asked of the server, and is shown as soon as it can be reached.</p>
      </Empty>
    )
  }
  if (query.isError) return <Failed text={troubleText(query.error)} onRetry={() => void query.refetch()} />
  return <Shape lines={lines} />
}

/** Whether something can be asked of the server now. */
export function useOnline(): boolean {
  const { data: connection } = useQuery(connectionQuery)
  return connection?.kind === 'online'
}
