import { useQuery } from '@tanstack/react-query'
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useDeferredValue, useSyncExternalStore } from 'react'
import { conversationsQuery } from '../live/queries.ts'
import { closeDrawer, narrowWidth, toggleSidebar, useLayout } from '../shell/layout.ts'
import { openOverlay } from '../state/overlay.ts'
import { go, usePlace } from '../state/place.ts'
import { IconButton } from '../ui/button.tsx'
import { Failed } from '../ui/states.tsx'
import { AccountButton } from './account-button.tsx'
import { ConversationTree } from './conversation-tree.tsx'
import { Entries } from './entries.tsx'
import { focusWhenThere } from './focus-when-there.ts'
import { NewMenu } from './new-menu.tsx'
import { openConversation, useSections } from './order.ts'
import { ResizeHandle } from './resize-handle.tsx'

/** Of the sidebar when it shows avatars alone. */
const railWidthPx = 56

const onResize = (told: () => void) => {
  window.addEventListener('resize', told)
  return () => window.removeEventListener('resize', told)
}
const isNarrow = () => window.innerWidth < narrowWidth

/** Everything there is to talk in, at the left edge. In a narrow window it is a rail of avatars that opens over the rest. */
export function Sidebar() {
  const narrow = useSyncExternalStore(onResize, isNarrow)
  const { sidebarWidth, railed, drawn } = useLayout()
  if (!narrow) return <Bar width={railed ? railWidthPx : sidebarWidth} railed={railed} resizable={!railed} />
  return (
    <>
      <Bar width={railWidthPx} railed resizable={false} />
      {drawn && <Drawer width={sidebarWidth} />}
    </>
  )
}

/** The whole sidebar, over the rest until somewhere is gone to. */
function Drawer({ width }: { readonly width: number }) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeDrawer()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-[oklch(0.15_0.01_230/0.4)]" />
        <Dialog.Content
          aria-describedby={undefined}
          onOpenAutoFocus={focusCurrent}
          // Focus goes back to where it was, unless what was chosen has taken it.
          onCloseAutoFocus={(event) => {
            if (document.activeElement !== document.body) event.preventDefault()
          }}
          className="fixed inset-y-0 left-0 z-30 animate-appear shadow-raised outline-none"
        >
          <Dialog.Title className="sr-only">Conversations</Dialog.Title>
          <Bar width={width} railed={false} resizable={false} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** Where the arrow keys go on from. */
function focusCurrent(event: Event): void {
  const drawer = event.currentTarget
  if (!(drawer instanceof HTMLElement)) return
  event.preventDefault()
  drawer.focus()
  focusWhenThere(() => drawer.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]'))
}

interface BarProps {
  readonly width: number
  readonly railed: boolean
  readonly resizable: boolean
}

function Bar({ width, railed, resizable }: BarProps) {
  const foldLabel = railed ? 'Show the sidebar' : 'Fold the sidebar'
  return (
    <nav
      aria-label="Conversations"
      data-section
      style={{ width }}
      className="relative flex h-full shrink-0 flex-col border-r border-line bg-side"
    >
      <div className={`flex items-center gap-0.5 py-2 ${railed ? 'flex-col px-1' : 'px-2.5'}`}>
        <AccountButton railed={railed} />
        <NewMenu />
        <IconButton
          label={foldLabel}
          keys="Mod+Shift+B"
          icon={railed ? <PanelLeftOpen size={16} /> : <PanelLeftClose size={16} />}
          onClick={toggleSidebar}
        />
      </div>
      <Entries railed={railed} onChosen={closeDrawer} />
      <Conversations railed={railed} />
      {resizable && <ResizeHandle width={width} />}
    </nav>
  )
}

function Conversations({ railed }: { readonly railed: boolean }) {
  const sections = useSections()
  // What is open comes at the same moment as the list, and is drawn first.
  const isTurn = useDeferredValue(sections !== null, false)
  const { isError, refetch } = useQuery(conversationsQuery)
  const current = usePlace((state) => openConversation(state.place))
  if (isError && !sections) {
    return <Failed text="The list of conversations could not be read." onRetry={() => void refetch()} />
  }
  if (!sections || !isTurn) return <RowShapes railed={railed} />
  if (sections.length === 0) return railed ? null : <Nobody />
  return <ConversationTree sections={sections} current={current} railed={railed} onChosen={closeDrawer} />
}

/** Nothing to list yet: what to begin with. */
function Nobody() {
  const link = 'rounded-small text-left font-medium text-link hover:underline'
  return (
    <div className="mx-2 mt-3 flex flex-col gap-2 px-2 text-dim">
      <p>No conversations yet.</p>
      <button type="button" className={link} onClick={() => go({ kind: 'people' })}>
        Message somebody
      </button>
      <button type="button" className={link} onClick={() => go({ kind: 'groups' })}>
        Find a group
      </button>
      <button type="button" className={link} onClick={() => openOverlay({ kind: 'make-group' })}>
        Make a group
      </button>
    </div>
  )
}

function RowShapes({ railed }: { readonly railed: boolean }) {
  return (
    <div role="status" aria-label="Loading conversations" className="mt-2 flex flex-1 flex-col">
      {Array.from({ length: 8 }, (_, row) => (
        <div
          key={row}
          className={`flex animate-shimmer items-center gap-2.5 px-4 ${railed ? 'h-10 justify-center' : 'h-[30px]'}`}
        >
          <span className={`shrink-0 rounded-full bg-hover ${railed ? 'size-8' : 'size-5'}`} />
          {!railed && (
            <span
              className="h-2.5 rounded-small bg-hover"
              style={{ width: `${String(35 + ((row * 37) % 45))}%` }}
            />
          )}
        </div>
      ))}
    </div>
  )
}
