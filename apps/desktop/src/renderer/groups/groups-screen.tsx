import { Plus, Search } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { conversationNameCharsMax } from '@parley/domain/limits'
import { insets } from '../people/insets.ts'
import { ScreenHead } from '../people/screen-head.tsx'
import { openOverlay } from '../state/overlay.ts'
import { usePlace } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { GroupById } from './group-by-id.tsx'
import { ListedGroups } from './listed-groups.tsx'
import { groupNamedIn } from './named-group.ts'
import { useSettled } from './use-settled.ts'

const settledMs = 150

/** Finds groups by their names, or one by its link, and joins them. */
export function GroupsScreen() {
  const pointedTo = usePlace(({ place }) => (place.kind === 'groups' ? place.id : undefined)) ?? ''
  return <GroupFinder key={pointedTo} start={pointedTo} />
}

function GroupFinder({ start }: { readonly start: string }) {
  const [text, setText] = useState(start)
  const screenRef = useRef<HTMLDivElement>(null)
  const named = groupNamedIn(text)
  const words = useSettled(text.trim().slice(0, conversationNameCharsMax), settledMs)
  const focusFirst = (event: KeyboardEvent) => {
    const button = screenRef.current?.querySelector<HTMLElement>('[role=listitem] button, li button')
    if (!button) return
    event.preventDefault()
    button.focus()
  }
  return (
    <div ref={screenRef} className="flex h-full min-h-0 flex-col">
      <ScreenHead title="Groups">
        <Button onClick={() => openOverlay({ kind: 'make-group' })}>
          <Plus aria-hidden size={16} />
          Make a group
        </Button>
      </ScreenHead>
      <div className={`pb-2 ${insets.screen.plain}`}>
        <div className="flex h-8 items-center gap-1 rounded-medium border border-line bg-ground px-2.5 focus-within:border-accent">
          <Search aria-hidden size={16} className="text-dim" />
          <input
            type="search"
            autoFocus
            spellCheck={false}
            aria-label="Find groups by name, or paste a link"
            placeholder="Find groups by name, or paste a link"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown') focusFirst(event)
              if (event.key !== 'Escape' || text === '') return
              event.preventDefault()
              event.stopPropagation()
              setText('')
            }}
            className="h-7 flex-1 bg-transparent px-1 select-text outline-none placeholder:text-dim [&::-webkit-search-cancel-button]:hidden"
          />
        </div>
      </div>
      {named ? <GroupById id={named} /> : <ListedGroups words={words} />}
    </div>
  )
}
