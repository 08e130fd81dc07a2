import { useQuery } from '@tanstack/react-query'
import { CloudOff } from 'lucide-react'
import { connectionQuery } from '../../live/queries.ts'
import { useLasting } from '../../shell/use-countdown.ts'
import { charsLeft } from './sayable.ts'

/** A connection that is back sooner was never worth a word. */
const quietMs = 2_000

interface UnderlineProps {
  readonly text: string
  /** Why it was not sent. */
  readonly trouble: string | null
}

/** Said quietly under the field: why nothing was sent, that there is no connection, and how much room is left. */
export function Underline({ text, trouble }: UnderlineProps) {
  const { data: connection } = useQuery(connectionQuery)
  const isAway = useLasting(connection !== undefined && connection.kind !== 'online', quietMs)
  const left = charsLeft(text)
  return (
    <div className="flex h-5 items-center justify-between gap-4 px-1 text-small text-dim">
      {trouble !== null && (
        <span role="alert" className="min-w-0 flex-1 truncate text-danger" title={trouble}>
          {trouble}
        </span>
      )}
      <span role="status" className="flex min-w-0 items-center gap-1.5">
        {isAway && trouble === null && (
          <>
            <CloudOff aria-hidden size={12} className="shrink-0" />
            <span className="truncate">Kept on this device until there is a connection</span>
          </>
        )}
      </span>
      {left !== null && (
        <span role="status" className={`shrink-0 tabular-nums ${left < 0 ? 'font-medium text-danger' : ''}`}>
          {left < 0
            ? `${(-left).toLocaleString()} characters too many`
            : `${left.toLocaleString()} characters left`}
        </span>
      )}
    </div>
  )
}
