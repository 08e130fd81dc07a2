import type { MessageId } from '@parley/domain/ids'
import { type KeyboardEvent, type MouseEvent, use, useMemo, useState } from 'react'
import { Virtualizer } from 'virtua'
import type { ConversationView } from '../../live/queries.ts'
import { ContextMenu } from '../../ui/menu.tsx'
import { useSealedNotices } from '../../encryption/use-sealed-notices.ts'
import { HereContext } from '../here.ts'
import { Announcer } from './announcer.tsx'
import { Strip } from './strip.tsx'
import { JumpBar } from './jump-bar.tsx'
import { messageMenu } from './message-menu.tsx'
import { MessageRow } from './message-row.tsx'
import type { Paging } from './paging.ts'
import type { Shown } from './shown.ts'
import { type Row, rowsOf } from './rows.ts'
import { useKeys } from './use-keys.ts'
import { newestId, useLookedAt, useReading } from './use-reading.ts'
import { useNewLine } from './use-new-line.ts'
import { type Place, useScrolling } from './use-scrolling.ts'

interface TimelineProps {
  readonly view: ConversationView
  readonly paging: Paging
  readonly shown: Shown
  /** The message that was gone to, which stands out for a moment. */
  readonly markedKey: string | null
  /** Where one was before going to it. */
  readonly cameFrom: Place | null
  readonly onReturn: () => void
  /** Told of the place of the reader whenever that is asked for. */
  readonly placeRef: { current: () => Place | null }
}

/** The messages of a conversation around the reader. */
export function Timeline({ view, paging, shown, markedKey, cameFrom, onReturn, placeRef }: TimelineProps) {
  const here = use(HereContext)
  const scrolling = useScrolling(view.id, paging, shown)
  placeRef.current = scrolling.place
  const { items, older, newer } = shown
  const lookedAt = useLookedAt()
  const newFrom = useNewLine(shown, view.unread, lookedAt)
  const notices = useSealedNotices(view)
  const rows = useMemo(
    () => rowsOf(items, { newFrom, begins: older === 'none', reachesNewest: newer === 'none', notices }),
    [items, newFrom, older, newer, notices],
  )
  const newest: MessageId | null = newestId(items)
  useReading(view, newest, scrolling.atEnd && lookedAt && newer === 'none')
  const keys = useKeys({ items, scrolling, paging, here })
  const [menuKey, setMenuKey] = useState<string | null>(null)
  const menuMessage = items.find(({ key }) => key === menuKey)

  const chooseMenu = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null
    const key = target?.closest<HTMLElement>('[data-key]')?.dataset['key'] ?? null
    const hasOwnMenu = target?.closest('a, img, input, textarea') ?? null
    const isSelecting = document.getSelection()?.isCollapsed === false
    // Words that are selected, links and pictures have the menu of the system.
    if (key === null || hasOwnMenu || isSelecting) event.stopPropagation()
    else setMenuKey(key)
  }

  return (
    <div onContextMenuCapture={chooseMenu} className="relative flex min-h-0 flex-1 flex-col">
      <ContextMenu items={menuMessage && here ? messageMenu(menuMessage, here) : []}>
        <div
          ref={scrolling.scroller}
          data-section
          role="log"
          aria-label="Messages"
          aria-live="off"
          tabIndex={0}
          onFocus={keys.onFocus}
          onWheel={scrolling.touch}
          onPointerDown={scrolling.touch}
          onKeyDown={(event: KeyboardEvent<HTMLElement>) => {
            scrolling.touch()
            keys.onKeyDown(event)
          }}
          className="flex flex-1 flex-col overflow-x-hidden overflow-y-auto -outline-offset-2 [overflow-anchor:none] [scrollbar-gutter:stable]"
        >
          <div className="grow" />
          <Virtualizer
            key={shown.part}
            ref={scrolling.list}
            {...(paging.sizes?.items === items && { cache: paging.sizes.cache })}
            data={rows}
            shift={shown.atStart}
            keepMounted={keys.kept}
            onScroll={scrolling.onScroll}
            onResize={scrolling.onResize}
          >
            {(row: Row) => (
              <MessageRow key={row.message.key} {...row} marked={row.message.key === markedKey} />
            )}
          </Virtualizer>
          <div className="h-3 shrink-0" />
        </div>
      </ContextMenu>
      <Strip paging={paging} shown={shown} atTop={scrolling.atTop} />
      <JumpBar
        atEnd={scrolling.atEnd}
        unread={view.unread}
        onNewest={() => paging.goToNewest()}
        {...(cameFrom && { onReturn })}
      />
      <Announcer items={items} reachesNewest={newer === 'none'} />
    </div>
  )
}
