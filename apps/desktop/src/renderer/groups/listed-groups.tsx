import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { CloudOff, Compass } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { connectionQuery, type ListedGroup } from '../live/queries.ts'
import { insets } from '../people/insets.ts'
import { openOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, Shape } from '../ui/states.tsx'
import { GroupRow } from './group-row.tsx'

const rowPx = 68
/** The next page is asked for while so many rows are left below. */
const aheadRows = 10

const firstPage = (): string | null => null

/** Asked of the server, and again on each visit and when there is a connection again. */
const listedQuery = (words: string) =>
  infiniteQueryOptions({
    queryKey: ['listed-groups', words],
    queryFn: ({ pageParam }) =>
      engine.conversations.listed.query({
        ...(words && { words }),
        ...(pageParam !== null && { after: pageParam }),
      }),
    initialPageParam: firstPage(),
    getNextPageParam: (page) => page.next,
    staleTime: 0,
    placeholderData: keepPreviousData,
    meta: { topics: ['app', 'connection'] },
  })

/** Groups that anybody may find, by name. */
export function ListedGroups({ words }: { readonly words: string }) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    listedQuery(words),
  )
  const { data: connection } = useQuery(connectionQuery)
  const groups = useMemo(() => data?.pages.flatMap((page) => page.groups), [data])
  const isAway = connection !== undefined && connection.kind !== 'online'
  if (!groups) {
    if (isAway) return <Away />
    return error ? <Failed text={troubleText(error)} onRetry={() => void refetch()} /> : <Shape />
  }
  if (groups.length === 0) return <NothingFound words={words} />
  return (
    <>
      {isAway && (
        <p role="status" className={`pb-2 text-small text-dim ${insets.screen.plain}`}>
          As the server last said; it cannot be asked right now.
        </p>
      )}
      <Rows groups={groups} onNearEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()} />
    </>
  )
}

interface RowsProps {
  readonly groups: readonly ListedGroup[]
  readonly onNearEnd: () => void
}

function Rows({ groups, onNearEnd }: RowsProps) {
  const listRef = useRef<VirtualizerHandle>(null)
  const look = () => {
    const list = listRef.current
    if (list && list.scrollSize - list.viewportSize - list.scrollOffset < aheadRows * rowPx) onNearEnd()
  }
  // A page may be shorter than the window.
  useEffect(look, [groups.length])
  return (
    // The buttons in it are what the keyboard reaches; arrows go from one to the next.
    <div
      role="list"
      aria-label="Groups"
      className={`min-h-0 flex-1 overflow-y-auto pb-4 ${insets.screen.scrolled}`}
      onKeyDown={moveByArrows}
    >
      <Virtualizer ref={listRef} data={groups} itemSize={rowPx} onScroll={look}>
        {(group) => (
          <div role="listitem" key={group.id}>
            <GroupRow group={group} />
          </div>
        )}
      </Virtualizer>
    </div>
  )
}

/** Rows below the edge are drawn already, so the next button is always there to go to. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0 || event.altKey || !(event.target instanceof HTMLButtonElement)) return
  const items = [...event.currentTarget.querySelectorAll('[role="listitem"]')]
  const at = items.findIndex((item) => event.target instanceof Node && item.contains(event.target))
  const button = items[at + step]?.querySelector('button')
  if (!button) return
  event.preventDefault()
  button.focus()
}

function Away() {
  return (
    <Empty icon={<CloudOff size={28} />} title="Finding groups needs the server">
      <p>It cannot be reached right now. The groups you are in are on the left, and you can make new ones.</p>
    </Empty>
  )
}

function NothingFound({ words }: { readonly words: string }) {
  return words === '' ? (
    <Empty icon={<Compass size={28} />} title="No groups to find yet">
      <p>Groups that their founders list here can be found by everybody.</p>
      <Button onClick={() => openOverlay({ kind: 'make-group' })}>Make the first one</Button>
    </Empty>
  ) : (
    <Empty icon={<Compass size={28} />} title="No group by that name">
      <p>Groups that are not listed need their link: paste it above.</p>
    </Empty>
  )
}
