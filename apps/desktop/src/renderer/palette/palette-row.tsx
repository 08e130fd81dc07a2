import { LockKeyhole } from 'lucide-react'
import { Avatar } from '../ui/avatar.tsx'
import { BotBadge } from '../ui/bot-badge.tsx'
import { Keys } from '../ui/keys.tsx'
import type { PaletteItem } from './palette-items.ts'
import { shortcuts, shownKeys } from './shortcut-list.ts'

const isMac = navigator.userAgent.includes('Mac OS')

export const paletteRow =
  'flex h-9 items-center gap-2.5 rounded-medium px-2 outline-none data-[selected=true]:bg-selected'

/** A line of the palette: what it is, and what waits there or does the same. */
export function PaletteRow({ item }: { readonly item: PaletteItem }) {
  switch (item.kind) {
    case 'conversation': {
      const { view } = item
      const group = view.conversation.kind === 'group'
      return (
        <>
          <Avatar
            seed={view.otherId ?? view.id}
            name={item.title}
            size={24}
            shape={group ? 'group' : 'person'}
          />
          <span className={`min-w-0 truncate ${view.unread > 0 ? 'font-semibold' : ''}`}>{item.title}</span>
          {view.other?.bot === true && <BotBadge />}
          {view.conversation.sealed && (
            <span className="flex shrink-0 text-dim">
              <LockKeyhole aria-hidden size={12} />
              <span className="sr-only">encrypted</span>
            </span>
          )}
          <span className="min-w-0 flex-1 truncate text-dim">
            {group ? '' : view.other && `@${view.other.username}`}
          </span>
          <Waiting mentions={view.mentions} unread={view.unread} />
        </>
      )
    }
    case 'person':
      return (
        <>
          <Avatar seed={item.person.id} name={item.title} size={24} />
          <span className="min-w-0 truncate">{item.title}</span>
          {item.person.bot && <BotBadge />}
          <span className="min-w-0 flex-1 truncate text-dim">@{item.person.username}</span>
          {!item.person.bot && <span className="text-small text-dim">Person</span>}
        </>
      )
    case 'command': {
      const { icon, shortcut } = item.command
      const known = shortcuts.find(({ id }) => id === shortcut)
      return (
        <>
          <span aria-hidden className="flex w-6 justify-center text-dim">
            {icon}
          </span>
          <span className="min-w-0 flex-1 truncate">{item.title}</span>
          {known && <Keys keys={shownKeys(known, isMac)} />}
        </>
      )
    }
  }
}

function Waiting({ mentions, unread }: { readonly mentions: number; readonly unread: number }) {
  if (mentions > 0)
    return (
      <span className="min-w-[18px] rounded-full bg-accent px-1.5 text-center text-small font-semibold text-on-accent tabular-nums">
        {mentions}
        <span className="sr-only"> mentions</span>
      </span>
    )
  if (unread > 0)
    return (
      <span className="text-small font-medium text-soft tabular-nums">
        {unread}
        <span className="sr-only"> unread</span>
      </span>
    )
  return null
}
