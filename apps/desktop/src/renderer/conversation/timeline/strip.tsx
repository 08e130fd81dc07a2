import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { troubleText } from '../../live/act.ts'
import { connectionQuery } from '../../live/queries.ts'
import type { Paging } from './paging.ts'
import type { Shown, Side } from './shown.ts'

interface StripProps {
  readonly paging: Paging
  readonly shown: Shown
  readonly atTop: boolean
}

/** Says at the edge that more is coming, or why it does not. */
export function Strip({ paging, shown, atTop }: StripProps) {
  const { data: connection } = useQuery(connectionQuery)
  const online = connection?.kind === 'online'
  useEffect(() => {
    if (online) paging.tryAgain()
  }, [online, paging])
  const { filling, fault, items } = shown
  const side = filling ?? fault?.side ?? null
  if (side === null || items.length === 0 || (side === 'older' && !atTop)) return null
  return (
    <div
      role="status"
      className={`pointer-events-none absolute inset-x-0 flex justify-center ${side === 'older' ? 'top-2' : 'bottom-2'}`}
    >
      <div className="pointer-events-auto flex animate-appear items-center gap-2 rounded-full border border-line bg-raised px-3 py-1 text-small text-soft">
        {wordsOf(side, fault?.error, online)}
        {fault && (
          <button type="button" onClick={paging.tryAgain} className="font-medium text-link hover:underline">
            Try again
          </button>
        )}
      </div>
    </div>
  )
}

function wordsOf(side: Side, error: unknown, online: boolean): string {
  if (!online) {
    return `${side === 'older' ? 'Earlier' : 'Later'} messages are not on this device. They come when the server can be reached.`
  }
  return error === undefined
    ? `Loading ${side === 'older' ? 'earlier' : 'later'} messages …`
    : troubleText(error)
}
