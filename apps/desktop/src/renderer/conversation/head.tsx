import { useQuery } from '@tanstack/react-query'
import type { AccountId } from '@parley/domain/ids'
import { CalendarDays, Info, Search, Users } from 'lucide-react'
import { type ConversationView, personQuery } from '../live/queries.ts'
import { SealedMark } from '../encryption/sealed-mark.tsx'
import { titleOf } from '../sidebar/title-of.ts'
import { openPane, togglePane, usePlace } from '../state/place.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BotBadge } from '../ui/bot-badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { lastSeenText } from './timeline/times.ts'
import { DateJump } from './timeline/date-jump.tsx'

/** What the conversation is called, who is in it, and the ways to what is beside it. */
export function Head({ view }: { readonly view: ConversationView }) {
  const pane = usePlace((state) => state.pane?.kind ?? null)
  const title = titleOf(view)
  const { otherId } = view
  const isGroup = view.conversation.kind === 'group'
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b border-line pr-3 pl-4">
      {otherId === null ? (
        <Avatar seed={view.id} name={title} shape="group" size={32} />
      ) : (
        <OtherAvatar id={otherId} title={title} />
      )}
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-1">
          <h1 className="min-w-0 truncate text-body font-semibold">
            <button
              type="button"
              onClick={() => openPane({ kind: 'about' })}
              className="max-w-full truncate rounded-small hover:underline"
            >
              {title}
            </button>
          </h1>
          {view.other?.bot === true && (
            <span className="flex pl-1">
              <BotBadge />
            </span>
          )}
          <SealedMark sealing={view.sealing} />
        </div>
        <p className="truncate text-small text-dim">
          {otherId === null ? <GroupLine view={view} /> : <OtherLine id={otherId} />}
        </p>
      </div>
      <div className="flex gap-0.5">
        <DateJump align="end">
          <IconButton
            label="Jump to a date"
            icon={<CalendarDays size={16} />}
            className="max-[600px]:hidden"
          />
        </DateJump>
        <IconButton
          label="Search in this conversation"
          keys="Mod+Shift+F"
          icon={<Search size={16} />}
          aria-pressed={pane === 'search'}
          onClick={() => togglePane({ kind: 'search' })}
        />
        {isGroup && (
          <IconButton
            label="Members"
            icon={<Users size={16} />}
            aria-pressed={pane === 'members'}
            onClick={() => togglePane({ kind: 'members' })}
          />
        )}
        <IconButton
          label="About"
          icon={<Info size={16} />}
          aria-pressed={pane === 'about'}
          onClick={() => togglePane({ kind: 'about' })}
        />
      </div>
    </header>
  )
}

interface OtherProps {
  readonly id: AccountId
}

function OtherAvatar({ id, title }: OtherProps & { readonly title: string }) {
  const { data: person } = useQuery(personQuery(id))
  return <Avatar seed={id} name={title} size={32} online={person?.online} />
}

/** Whether somebody is there, or was last. */
function OtherLine({ id }: OtherProps) {
  const { data: person } = useQuery(personQuery(id))
  if (!person) return null
  if (person.disabled) return 'This account was disabled'
  return person.online ? 'Online' : lastSeenText(person.lastSeenAt)
}

function GroupLine({ view }: { readonly view: ConversationView }) {
  const { memberCount, conversation } = view
  const count = memberCount === 1 ? '1 member' : `${String(memberCount)} members`
  const state = view.id.startsWith('local-') ? 'Waiting to be made' : conversation.closedAt ? 'Closed' : count
  return conversation.description ? `${state} · ${conversation.description}` : state
}
