import { useQuery } from '@tanstack/react-query'
import { Inbox, Search, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { meQuery, requestsQuery } from '../live/queries.ts'
import { openOverlay } from '../state/overlay.ts'
import { go, type Place, usePlace } from '../state/place.ts'
import { Keys } from '../ui/keys.tsx'
import { waitingFor } from './waiting.ts'

interface EntriesProps {
  readonly railed: boolean
  readonly onChosen: () => void
}

/** The ways to what is no conversation. Those that are of no use at the moment are not there. */
export function Entries({ railed, onChosen }: EntriesProps) {
  const { data: me } = useQuery(meQuery)
  const { data: requests } = useQuery(requestsQuery)
  const place = usePlace((state) => state.place)
  const waiting = requests ? waitingFor(me?.id, requests) : 0
  const to = (there: Place) => () => {
    go(there)
    onChosen()
  }
  return (
    <div className={`flex flex-col ${railed ? 'gap-0.5 px-2' : 'pr-2.5 pl-2'}`}>
      <Entry
        icon={<Search size={16} />}
        label="Go to …"
        end={
          <span aria-hidden>
            <Keys keys="Mod+K" />
          </span>
        }
        railed={railed}
        onClick={() => openOverlay({ kind: 'palette' })}
      />
      {(waiting > 0 || place.kind === 'requests') && (
        <Entry
          icon={<Inbox size={16} />}
          label="Requests"
          end={waiting > 0 && <span className="font-medium text-accent">{waiting} waiting</span>}
          marked={waiting > 0}
          railed={railed}
          current={place.kind === 'requests'}
          onClick={to({ kind: 'requests' })}
        />
      )}
      {me?.operator === true && (
        <Entry
          icon={<ShieldCheck size={16} />}
          label="Operator"
          railed={railed}
          current={place.kind === 'operator'}
          onClick={to({ kind: 'operator', section: 'accounts' })}
        />
      )}
    </div>
  )
}

interface EntryProps {
  readonly icon: ReactNode
  readonly label: string
  readonly end?: ReactNode
  /** Something waits behind it; shown where there is no room for words. */
  readonly marked?: boolean
  readonly railed: boolean
  readonly current?: boolean
  readonly onClick: () => void
}

function Entry(props: EntryProps) {
  const { icon, label, end, marked = false, railed, current = false, onClick } = props
  return (
    <button
      type="button"
      aria-current={current ? 'page' : undefined}
      title={railed ? label : undefined}
      onClick={onClick}
      className={`relative flex items-center rounded-medium text-left text-soft ${railed ? 'h-9 justify-center' : 'h-[30px] gap-2.5 px-2'} ${current ? 'bg-selected text-text' : 'hover:bg-hover hover:text-text'}`}
    >
      <span aria-hidden className="flex w-5 justify-center text-dim">
        {icon}
      </span>
      <span className={railed ? 'sr-only' : 'min-w-0 flex-1 truncate'}>{label}</span>
      {end && <span className={railed ? 'sr-only' : 'shrink-0 text-small'}>{end}</span>}
      {railed && marked && (
        <span
          aria-hidden
          className="absolute top-1 right-2 size-2.5 rounded-full border-2 border-side bg-accent"
        />
      )}
    </button>
  )
}
