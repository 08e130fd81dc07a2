import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { CloudOff, LoaderCircle, Search as SearchIcon } from 'lucide-react'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import type { ConversationId } from '@parley/domain/ids'
import { useBots, useNamesOfAll } from '../conversation/names.ts'
import { connectionQuery, type ConversationView, conversationsQuery } from '../live/queries.ts'
import { titleOf } from '../sidebar/title-of.ts'
import { go } from '../state/place.ts'
import { type Filters, noFilters } from './filters.ts'
import { ResultRow } from './result-row.tsx'
import type { Found } from './results.ts'
import { SearchFilters } from './search-filters.tsx'
import { useSearch } from './use-search.ts'

/** The line below the messages, which brings more of them. */
const older = 'older'

interface SearchPanelProps {
  /** All is looked for in this one. */
  readonly within: ConversationId | null
  readonly words: string
  readonly onOpened?: () => void
  /** Stands at the end of the line of the words. */
  readonly end?: ReactNode
}

/** Looks for messages: words and filters above, what was found below. The arrow keys choose while one types. */
export function SearchPanel({ within, words: first, onOpened, end }: SearchPanelProps) {
  const [words, setWords] = useState(first)
  const [chosen, setFilters] = useState<Filters>(noFilters)
  const filters = within === null ? chosen : { ...chosen, conversationId: within }
  const search = useSearch(words, filters)
  const input = useRef<HTMLInputElement>(null)
  const names = useNamesOfAll()
  const bots = useBots()
  const whereOf = useWheres()
  const [pointed, setPointed] = useState('')
  // What was pointed at may be found no more; then it is the first one again.
  const isThere = pointed === older || search.messages.some(({ id }) => String(id) === pointed)
  const value = isThere ? pointed : String(search.messages[0]?.id ?? '')
  const open = ({ conversationId, id }: Found) => {
    go({ kind: 'conversation', id: conversationId, messageId: id })
    onOpened?.()
  }
  return (
    <Command
      label="Search messages"
      shouldFilter={false}
      vimBindings={false}
      value={value}
      onValueChange={setPointed}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex flex-col gap-2 border-b border-line px-4 pb-3">
        <div className="flex items-center gap-2.5">
          <SearchIcon aria-hidden size={16} className="shrink-0 text-dim" />
          <Command.Input
            ref={input}
            autoFocus
            value={words}
            onValueChange={setWords}
            maxLength={500}
            placeholder={within === null ? 'Search all messages' : 'Search in this conversation'}
            className="h-11 w-full min-w-0 bg-transparent outline-none select-text placeholder:text-dim"
          />
          {end}
        </div>
        <SearchFilters
          filters={filters}
          onChange={setFilters}
          inOne={within !== null}
          onDone={() => input.current?.focus()}
        />
      </div>
      <Command.List
        label="Messages that were found"
        // A list of nothing is none.
        hidden={search.messages.length === 0}
        className="min-h-0 flex-1 scroll-py-2 overflow-y-auto p-1.5 [&>[cmdk-list-sizer]]:flex [&>[cmdk-list-sizer]]:flex-col"
      >
        {search.messages.map((message) => (
          <Command.Item
            key={message.id}
            value={String(message.id)}
            onSelect={() => open(message)}
            className="flex gap-2.5 rounded-medium px-2.5 py-2 data-[selected=true]:bg-selected"
          >
            <ResultRow
              message={message}
              words={words}
              author={names[message.authorId] ?? 'Somebody'}
              isBot={bots.has(message.authorId)}
              where={within === null ? whereOf(message) : null}
            />
          </Command.Item>
        ))}
        {search.showOlder && search.messages.length > 0 && (
          <Command.Item
            value={older}
            onSelect={search.showOlder}
            className="flex h-8 items-center justify-center rounded-medium font-medium text-link data-[selected=true]:bg-selected"
          >
            Show older ones
          </Command.Item>
        )}
      </Command.List>
      {search.messages.length === 0 && <Nothing search={search} words={words} within={within !== null} />}
      <Reach search={search} />
    </Command>
  )
}

type Search = ReturnType<typeof useSearch>

interface NothingProps {
  readonly search: Search
  readonly words: string
  readonly within: boolean
}

function Nothing({ search, words, within }: NothingProps) {
  if (search.idle) {
    return (
      <p className="flex-1 px-3 py-6 text-center text-dim">
        {within
          ? 'Type a word that was said here.'
          : 'Type a word that was said, in any conversation of yours.'}
      </p>
    )
  }
  if (search.busy) return <div className="flex-1" />
  return (
    <div className="flex flex-1 flex-col gap-1 px-3 py-6 text-center">
      <p className="font-semibold">Nothing was found for “{words.trim()}”</p>
      <p className="text-dim">Try fewer or shorter words, or take a filter away.</p>
    </div>
  )
}

/** Says how far the search has reached: this device alone, or everything. */
function Reach({ search }: { readonly search: Search }) {
  const { data: connection } = useQuery(connectionQuery)
  if (search.idle) return null
  const offline = connection !== undefined && connection.kind !== 'online'
  const count = search.messages.length
  const found = count === 0 ? '' : `${String(count)}${search.next === null ? '' : ' or more'} found. `
  const asking = search.busy && !offline
  const text = asking
    ? 'Searched this device. Asking the server …'
    : search.scope === 'everything'
      ? `${found}Searched everything.`
      : offline
        ? `${found}Searched this device only, as there is no connection.`
        : `${found}Searched this device only. ${search.problem ?? ''}`
  return (
    <p role="status" className="flex items-center gap-2 border-t border-line px-4 py-2 text-small text-dim">
      {asking && <LoaderCircle aria-hidden size={12} className="animate-spin" />}
      {!asking && search.scope === 'held' && <CloudOff aria-hidden size={12} />}
      {text}
    </p>
  )
}

/** Where a message was said, as it is written beside its author. */
function useWheres(): (message: Found) => string {
  const { data: conversations } = useQuery(conversationsQuery)
  const byId = useMemo(
    () => new Map<string, ConversationView>((conversations ?? []).map((view) => [view.id, view])),
    [conversations],
  )
  return ({ conversationId, authorId }) => {
    const view = byId.get(conversationId)
    if (!view) return ''
    if (view.conversation.kind === 'group') return `in ${titleOf(view)}`
    return authorId === view.otherId ? 'to you' : `to ${titleOf(view)}`
  }
}
