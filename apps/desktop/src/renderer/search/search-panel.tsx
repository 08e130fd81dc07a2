import { useQuery } from '@tanstack/react-query'
import { Command } from 'cmdk'
import { HardDrive, LoaderCircle, Search as SearchIcon } from 'lucide-react'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import type { ConversationId } from '@parley/domain/ids'
import { useBots, useNamesOfAll } from '../conversation/names.ts'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import {
  connectionQuery,
  type ConversationView,
  conversationsQuery,
  searchReachQuery,
} from '../live/queries.ts'
import { titleOf } from '../sidebar/title-of.ts'
import { go } from '../state/place.ts'
import { SmallSwitch } from '../ui/choice.tsx'
import { type Filters, noFilters } from './filters.ts'
import { reachWords } from './reach-words.ts'
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
  const { data: reach } = useQuery(searchReachQuery)
  const search = useSearch(words, filters, reach?.asksServer ?? false)
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
          <span className="flex w-6 shrink-0 justify-center text-dim">
            <SearchIcon aria-hidden size={16} />
          </span>
          <Command.Input
            ref={input}
            autoFocus
            value={words}
            onValueChange={setWords}
            maxLength={500}
            placeholder={within === null ? 'Search all messages' : 'Search in this conversation'}
            className="h-12 w-full min-w-0 bg-transparent text-head outline-none select-text placeholder:text-dim"
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
      <Reach search={search} asksServer={filters.conversationId === null ? reach?.asksServer : undefined} />
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

interface ReachProps {
  readonly search: Search
  /** Whether words go to the server; undefined where there is nothing to choose, as one conversation is meant. */
  readonly asksServer: boolean | undefined
}

/** Says how far the search has reached, and offers to go as far as the server, or no further than this device. */
function Reach({ search, asksServer }: ReachProps) {
  const { data: connection } = useQuery(connectionQuery)
  const isOffline = connection !== undefined && connection.kind !== 'online'
  const asking = search.busy && !isOffline && search.unasked === undefined
  if (search.idle && asksServer === undefined) return null
  return (
    <div className="flex min-h-9 items-center gap-2 border-t border-line px-4 py-1.5 text-small text-dim">
      <p role="status" className="flex min-w-0 flex-1 items-center gap-2">
        {asking && !search.idle && <LoaderCircle aria-hidden size={12} className="shrink-0 animate-spin" />}
        {!asking && !search.idle && search.scope === 'held' && (
          <HardDrive aria-hidden size={12} className="shrink-0" />
        )}
        {search.idle
          ? asksServer === true
            ? 'The server is asked for what you type, too.'
            : 'What you type stays on this device.'
          : reachWords({ ...search, count: search.messages.length, asking, isOffline })}
      </p>
      {asksServer !== undefined && (
        <SmallSwitch
          label="Ask the server, too"
          checked={asksServer}
          onChange={(on) => void engine.messages.setSearchReach.mutate({ asksServer: on }).catch(complain)}
        />
      )}
    </div>
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
