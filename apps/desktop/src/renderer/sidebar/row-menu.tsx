import { useQuery } from '@tanstack/react-query'
import { Bell, BellDot, BellOff, AtSign, Check, Link, LogOut } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { act, complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { linkTo } from '../live/link-to.ts'
import { type ConversationView, stateQuery, usualLevelsQuery } from '../live/queries.ts'
import type { Level, UsualLevels } from '../pane/level-words.ts'
import { rightsIn } from '../pane/rights.ts'
import { notice } from '../state/notices.ts'
import { replacePlace, usePlace } from '../state/place.ts'
import { ConfirmNow } from '../ui/dialog.tsx'
import { ContextMenu, type MenuItems } from '../ui/menu.tsx'
import { markRead } from './mark-read.ts'
import { titleOf } from './title-of.ts'

interface RowMenuProps {
  /** The conversation that the menu is of; null before any was asked for. */
  readonly view: ConversationView | null
  readonly onOpenChange: (open: boolean) => void
  /** The list. */
  readonly children: ReactNode
}

/** What can be done with a conversation from the list: one menu for all its lines. */
export function RowMenu({ view, onOpenChange, children }: RowMenuProps) {
  const [leaving, setLeaving] = useState<ConversationView | null>(null)
  const { data: state } = useQuery(stateQuery)
  const { data: usual } = useQuery(usualLevelsQuery)
  const server = state?.kind === 'signed-in' ? state.account.url : null
  return (
    <>
      <ContextMenu
        items={view ? itemsOf(view, { server, usual }, setLeaving) : []}
        onOpenChange={onOpenChange}
      >
        {children}
      </ContextMenu>
      {leaving && (
        <ConfirmNow
          title={`Leave ${titleOf(leaving)}?`}
          about="You will get nothing more of it, and what you hold of it goes from this device."
          done="Leave"
          onDone={() => leave(leaving)}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  )
}

interface Around {
  readonly server: string | null
  readonly usual: UsualLevels | undefined
}

function itemsOf(
  view: ConversationView,
  { server, usual }: Around,
  askToLeave: (view: ConversationView) => void,
): MenuItems {
  const may = rightsIn(view)
  const named = !view.id.startsWith('local-')
  return [
    {
      label: 'Mark as read',
      icon: <Check size={16} />,
      disabled: view.unread === 0,
      run: () => markRead(view),
    },
    null,
    ...(named && usual ? levelItems(view, usual) : []),
    ...(named && server !== null
      ? [{ label: 'Copy link', icon: <Link size={16} />, run: () => copy(linkTo(server, view.id)) }]
      : []),
    ...(may.leave !== 'no' && named
      ? [
          null,
          {
            label: 'Leave …',
            icon: <LogOut size={16} />,
            tone: 'danger' as const,
            // Whoever has to hand the group over first does so in its details.
            disabled: may.leave === 'hand-over-first',
            run: () => askToLeave(view),
          },
        ]
      : []),
  ]
}

const levels = [
  { level: 'all', label: 'Notify of every message', icon: <Bell size={16} /> },
  { level: 'mentions', label: 'Notify of mentions only', icon: <AtSign size={16} /> },
  { level: 'nothing', label: 'Mute', icon: <BellOff size={16} /> },
] as const

const usualItemWords = {
  all: 'As usual: every message',
  mentions: 'As usual: mentions only',
  nothing: 'As usual: nothing',
} as const

function levelItems(
  { id, notificationLevel, isUsualLevel, conversation }: ConversationView,
  usual: UsualLevels,
): MenuItems {
  const set = (level: Level | null) =>
    void engine.notifications.setLevel.mutate({ conversationId: id, level }).catch(complain)
  return [
    {
      label: usualItemWords[usual[conversation.kind]],
      icon: <BellDot size={16} />,
      checked: isUsualLevel,
      run: () => set(null),
    },
    ...levels.map(({ level, label, icon }) => ({
      label,
      icon,
      checked: !isUsualLevel && notificationLevel === level,
      run: () => set(level),
    })),
    null,
  ]
}

function copy(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => notice({ tone: 'plain', text: 'Link copied' }),
    () => notice({ tone: 'danger', text: 'The link could not be copied.' }),
  )
}

function leave({ id }: ConversationView): void {
  void act({ kind: 'leave', conversationId: id })
  const { place } = usePlace.getState()
  if (place.kind === 'conversation' && place.id === id) replacePlace({ kind: 'home' })
}
