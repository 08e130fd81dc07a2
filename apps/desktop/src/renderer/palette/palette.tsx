import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { CornerDownLeft, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import {
  accountsQuery,
  type ConversationKey,
  conversationsQuery,
  doNotDisturbQuery,
  meQuery,
  peopleQuery,
  stateQuery,
} from '../live/queries.ts'
import { talkTo } from '../people/talk.ts'
import { openConversation } from '../sidebar/order.ts'
import { closeOverlay, openOverlay } from '../state/overlay.ts'
import { go, type Place, usePlace } from '../state/place.ts'
import { Sheet } from './sheet.tsx'
import { paletteCommands } from './palette-commands.tsx'
import { type PaletteItem, offered, paletteItems } from './palette-items.ts'
import { PaletteRow, paletteRow } from './palette-row.tsx'
import { ranked } from './rank.ts'

const resultsMax = 50
const offeredMax = { conversations: 8, commands: 4 }

/** Goes anywhere and does anything, by a few letters of its name. */
export function Palette() {
  const [typed, setTyped] = useState('')
  const items = useItems()
  const open = usePlace((state) => openConversation(state.place))
  const words = typed.trim()
  const shown = useMemo(
    () => (words === '' ? offered(items, open, offeredMax) : ranked(items, words, resultsMax)),
    [items, words, open],
  )
  const firstCommand = words === '' ? shown.findIndex(({ kind }) => kind === 'command') : -1
  return (
    <Sheet title="Go to" onClose={closeOverlay}>
      <Command label="Go to" shouldFilter={false} loop vimBindings={false} className="flex min-h-0 flex-col">
        <div className="flex items-center gap-2.5 border-b border-line px-3.5">
          <span className="flex w-6 shrink-0 justify-center text-dim">
            <Search aria-hidden size={16} />
          </span>
          <Command.Input
            autoFocus
            value={typed}
            onValueChange={setTyped}
            placeholder="Conversations, people, commands"
            className="h-12 w-full bg-transparent text-head outline-none select-text placeholder:text-dim"
          />
        </div>
        <Command.List label="What can be gone to" className="min-h-0 overflow-y-auto p-1.5">
          {words === '' && shown.length > 0 && firstCommand !== 0 && <Heading text="Recent" />}
          {shown.map((item, index) => (
            <div key={item.key} role="presentation">
              {index === firstCommand && <Heading text="Commands" />}
              <Command.Item value={item.key} onSelect={() => choose(item)} className={paletteRow}>
                <PaletteRow item={item} />
              </Command.Item>
            </div>
          ))}
          {words !== '' && (
            <Command.Item
              value="search-messages"
              onSelect={() => openOverlay({ kind: 'search', words })}
              className={paletteRow}
            >
              <span className="flex w-6 justify-center text-dim">
                <Search aria-hidden size={16} />
              </span>
              <span className="min-w-0 flex-1 truncate">
                Search messages for “<span className="font-medium">{words}</span>”
              </span>
            </Command.Item>
          )}
        </Command.List>
        <footer
          aria-hidden
          className="flex items-center gap-1.5 border-t border-line px-4 py-2 text-small text-dim"
        >
          <span>↑ ↓ to choose</span>
          <span>·</span>
          <CornerDownLeft size={12} />
          <span>to open</span>
          <span>·</span>
          <span>Esc to close</span>
        </footer>
      </Command>
    </Sheet>
  )
}

const Heading = ({ text }: { readonly text: string }) => (
  <div role="presentation" className="px-2.5 pt-2 pb-1 text-small font-medium text-dim">
    {text}
  </div>
)

function choose(item: PaletteItem): void {
  closeOverlay()
  switch (item.kind) {
    case 'conversation':
      return go({ kind: 'conversation', id: item.view.id })
    case 'person':
      return void talkTo(item.person.id)
    case 'command':
      return item.command.run()
  }
}

function useItems(): readonly PaletteItem[] {
  const { data: conversations } = useQuery(conversationsQuery)
  const { data: people } = useQuery(peopleQuery)
  const { data: me } = useQuery(meQuery)
  const { data: quietUntil } = useQuery(doNotDisturbQuery)
  const { data: state } = useQuery(stateQuery)
  const { data: accounts } = useQuery(accountsQuery)
  const { place, back } = usePlace()
  const account = state?.kind === 'signed-in' ? state.account.key : null
  const operator = me?.operator === true
  const quiet = quietUntil !== undefined && quietUntil !== null
  return useMemo(
    () =>
      paletteItems({
        conversations: conversations ?? [],
        people: people ?? [],
        me: me ?? null,
        commands: paletteCommands({
          operator,
          quiet,
          inConversation: place.kind === 'conversation',
          account,
          others: accounts?.filter(({ key }) => key !== account) ?? [],
        }),
        visited: visitedOf(back),
      }),
    [conversations, people, me, operator, quiet, place, back, account, accounts],
  )
}

const visitedOf = (back: readonly Place[]): readonly ConversationKey[] => [
  ...new Set(back.flatMap((place) => (place.kind === 'conversation' ? [place.id] : [])).toReversed()),
]
