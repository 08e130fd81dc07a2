import { useQuery } from '@tanstack/react-query'
import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { type ConversationKey, type ConversationView, peopleQuery, type Person } from '../live/queries.ts'
import { toggleSection, useLayout } from '../shell/layout.ts'
import { go } from '../state/place.ts'
import { ConversationRow } from './conversation-row.tsx'
import { RowMenu } from './row-menu.tsx'
import { SectionHead } from './section-head.tsx'
import { keyOf, type Line, linesOf, type Section } from './sections.ts'
import { lineAt, useTreeKeys } from './use-tree-keys.ts'

interface ConversationTreeProps {
  readonly sections: readonly Section<ConversationView>[]
  readonly current: ConversationKey | null
  readonly railed: boolean
  /** Somebody has chosen where to go. */
  readonly onChosen: () => void
}

const onlineOf = (people: readonly Person[]) => people.filter(({ online }) => online).map(({ id }) => id)

/** All conversations by section. Only the lines in sight are in the document, however many there are. */
export function ConversationTree({ sections, current, railed, onChosen }: ConversationTreeProps) {
  const folded = useLayout((state) => state.folded)
  const { data: online } = useQuery({ ...peopleQuery, select: onlineOf })
  const here = useMemo(() => new Set<string | null>(online), [online])
  const lines = useMemo(() => linesOf(sections, folded), [sections, folded])
  const [scrolled, setScrolled] = useState(false)
  const [menu, setMenu] = useState<{ readonly key: string; readonly open: boolean } | null>(null)
  const list = useRef<VirtualizerHandle>(null)
  const lineOf = (key: string | null) => lines.find((line) => keyOf(line) === key)
  const fold = (line: Line<ConversationView>) => line.kind === 'head' && toggleSection(line.name)
  const choose = (line: Line<ConversationView>) => {
    if (line.kind === 'head') return fold(line)
    go({ kind: 'conversation', id: line.view.id })
    onChosen()
  }
  const keys = useTreeKeys({
    lines,
    first: current ?? null,
    list,
    onChoose: choose,
    onFold: fold,
  })
  const chooseMenu = (event: MouseEvent) => {
    const line = lineOf(lineAt(event.target))
    if (line?.kind === 'conversation') setMenu({ key: keyOf(line), open: false })
    else event.stopPropagation()
  }

  const currentAt = lines.findIndex((line) => keyOf(line) === current)
  useEffect(() => {
    if (currentAt !== -1) list.current?.scrollToIndex(currentAt, { align: 'nearest' })
    // What is open was gone to; a list that merely changes its order moves nothing.
  }, [current])

  const menuLine = lineOf(menu?.key ?? null)
  return (
    <RowMenu
      view={menuLine?.kind === 'conversation' ? menuLine.view : null}
      onOpenChange={(open) => setMenu((before) => before && { ...before, open })}
    >
      <div
        ref={keys.tree}
        role="tree"
        aria-label="Conversations"
        onKeyDown={keys.onKeyDown}
        onFocus={keys.onFocus}
        onContextMenuCapture={chooseMenu}
        onClick={(event) => {
          const line = lineOf(lineAt(event.target))
          if (line) choose(line)
        }}
        className={`mt-1 min-h-0 flex-1 overflow-x-hidden overflow-y-auto border-t pb-2 [overflow-anchor:none] ${railed ? '[scrollbar-width:none]' : '[scrollbar-gutter:stable]'} ${scrolled ? 'border-line' : 'border-transparent'}`}
      >
        <Virtualizer
          ref={list}
          data={lines}
          itemSize={railed ? 40 : 30}
          keepMounted={keys.keepMounted}
          onScroll={(offset) => setScrolled(offset > 0)}
        >
          {(line) => {
            const key = keyOf(line)
            const shared = { railed, reached: key === keys.reached }
            return line.kind === 'head' ? (
              <SectionHead key={key} {...line} {...shared} />
            ) : (
              <ConversationRow
                key={key}
                {...line}
                {...shared}
                current={line.view.id === current}
                online={here.has(line.view.otherId)}
                chosen={menu?.open === true && menu.key === key}
              />
            )
          }}
        </Virtualizer>
      </div>
    </RowMenu>
  )
}
