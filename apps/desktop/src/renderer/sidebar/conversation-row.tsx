import { useQuery } from '@tanstack/react-query'
import { BellOff, LockKeyhole, PencilLine, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { type ConversationView, typingQuery } from '../live/queries.ts'
import { useCalm } from '../state/calm.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BotBadge } from '../ui/bot-badge.tsx'
import { spoken } from './spoken.ts'
import { titleOf } from './title-of.ts'

/** Past it a number says no more than that it is many. */
const countShownMax = 999

interface ConversationRowProps {
  readonly view: ConversationView
  /** Which of how many of its section it is. */
  readonly place: number
  readonly of: number
  readonly current: boolean
  readonly online: boolean
  /** Shows the avatar alone. */
  readonly railed: boolean
  /** Whether Tab comes to it. */
  readonly reached: boolean
  /** Whether its menu is open. */
  readonly chosen: boolean
}

/** One conversation, on one line: who or what it is, and what waits there. Drawn again only when that changes. */
export const ConversationRow = memo(function ConversationRow({
  view,
  place,
  of,
  current,
  online,
  railed,
  reached,
  chosen,
}: ConversationRowProps) {
  const { data: writing } = useQuery({ ...typingQuery(view.id), enabled: useCalm() })
  const typing = (writing?.length ?? 0) > 0
  const direct = view.conversation.kind === 'direct'
  const name = titleOf(view)
  const more = spoken({ view, online, typing })
  const bold = view.unread > 0 && !view.muted
  return (
    <div
      role="treeitem"
      data-line={view.id}
      tabIndex={reached ? 0 : -1}
      aria-level={2}
      aria-posinset={place}
      aria-setsize={of}
      aria-current={current ? 'page' : undefined}
      title={railed ? name : undefined}
      className={`relative flex items-center rounded-medium outline-offset-[-2px] ${railed ? 'mx-2 h-10 justify-center' : 'ml-2 h-[30px] gap-2.5 px-2'} ${current ? 'bg-selected' : chosen ? 'bg-hover' : 'hover:bg-hover'} ${view.muted && !current ? 'opacity-60' : ''}`}
    >
      <Avatar
        seed={view.otherId ?? view.id}
        name={name}
        size={railed ? 32 : 20}
        shape={direct ? 'person' : 'group'}
        online={direct && online}
      />
      {railed ? (
        <>
          <span className="sr-only">{name}</span>
          <RailMark view={view} />
        </>
      ) : (
        <>
          <span
            className={`min-w-0 flex-1 truncate ${bold ? 'font-semibold text-text' : current ? 'text-text' : 'text-soft'}`}
          >
            {name}
          </span>
          {view.other?.bot === true && (
            <span aria-hidden className="flex">
              <BotBadge />
            </span>
          )}
          <Marks view={view} typing={typing} current={current} />
        </>
      )}
      {more !== '' && <span className="sr-only">, {more}</span>}
    </div>
  )
})

interface MarksProps {
  readonly view: ConversationView
  readonly typing: boolean
  readonly current: boolean
}

/** What the row shows beside the name; to screen readers it is said in words. */
function Marks({ view, typing, current }: MarksProps) {
  const { unread, mentions, problems, draft, muted, conversation } = view
  return (
    <span aria-hidden className="flex shrink-0 items-center gap-1.5 text-small text-dim tabular-nums">
      {conversation.sealed && <LockKeyhole size={12} />}
      {problems > 0 && <TriangleAlert size={14} className="text-danger" />}
      {typing && <Typing />}
      {draft && !current && !typing && <PencilLine size={14} />}
      {muted && <BellOff size={14} />}
      {mentions > 0 ? (
        <span className="min-w-[18px] rounded-full bg-accent px-1.5 text-center font-semibold text-on-accent">
          {countOf(mentions)}
        </span>
      ) : (
        unread > 0 && <span className={muted ? '' : 'font-semibold text-soft'}>{countOf(unread)}</span>
      )}
    </span>
  )
}

function RailMark({ view: { mentions, unread, problems, muted } }: Pick<MarksProps, 'view'>) {
  if (mentions > 0)
    return (
      <span
        aria-hidden
        className="absolute top-0 right-0 min-w-4 rounded-full border-2 border-side bg-accent px-1 text-center text-[10px] leading-4 font-semibold text-on-accent"
      >
        {mentions > 9 ? '9+' : mentions}
      </span>
    )
  if (problems > 0)
    return <TriangleAlert aria-hidden size={14} className="absolute top-0.5 right-0.5 text-danger" />
  if (unread > 0 && !muted)
    return (
      <span
        aria-hidden
        className="absolute top-1 right-0.5 size-2.5 rounded-full border-2 border-side bg-text"
      />
    )
  return null
}

/** Three dots, which say that somebody writes. */
function Typing() {
  return (
    <span className="flex animate-shimmer gap-0.5">
      {[0, 1, 2].map((dot) => (
        <span key={dot} className="size-1 rounded-full bg-dim" />
      ))}
    </span>
  )
}

const countOf = (count: number) => (count > countShownMax ? `${String(countShownMax)}+` : String(count))
