import { ArrowLeft, X } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react'
import { openPane, type Pane } from '../state/place.ts'
import { IconButton } from '../ui/button.tsx'

/** Of the window, in CSS pixels: below it the pane lies over the conversation. */
const overlaidBelowPx = 900

interface PaneFrameProps {
  readonly title: string
  readonly pane: Pane
  /** The pane that this one was opened from. */
  readonly back: Pane | null
  readonly children: ReactNode
}

/** The pane at the right edge: its title, the way out of it, and Escape for the same. */
export function PaneFrame({ title, pane, back, children }: PaneFrameProps) {
  const frameRef = useRef<HTMLElement>(null)
  const close = useReturningFocus(frameRef)
  useKeptFocus(frameRef, pane)
  const leave = () => (back ? openPane(back) : close())
  useEscapeBeside(leave)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    event.stopPropagation()
    leave()
  }
  return (
    <>
      <div
        aria-hidden
        onClick={close}
        className="absolute inset-0 z-20 bg-[oklch(0.15_0.01_230/0.25)] min-[900px]:hidden"
      />
      <aside
        ref={frameRef}
        aria-label={title}
        data-section
        tabIndex={-1}
        onKeyDown={onKeyDown}
        className="flex w-80 shrink-0 flex-col border-l border-line bg-ground outline-none max-[899px]:absolute max-[899px]:inset-y-0 max-[899px]:right-0 max-[899px]:z-20 max-[899px]:animate-appear max-[899px]:shadow-raised"
      >
        <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line pr-3 pl-4">
          {back && (
            <IconButton
              label="Back"
              icon={<ArrowLeft size={16} />}
              onClick={() => openPane(back)}
              className="-ml-2"
            />
          )}
          <h2 className="flex-1 truncate font-semibold">{title}</h2>
          <IconButton label="Close" keys="Esc" icon={<X size={16} />} onClick={close} />
        </header>
        {children}
      </aside>
    </>
  )
}

/** What Escape is for already: fields have a use of their own for it, and so has whatever lies over the window. */
const others = 'input, textarea, [contenteditable], [role=dialog], [role=alertdialog], [role=menu]'

/** Escape closes the pane from where it was opened too, before it marks anything as read. */
function useEscapeBeside(leave: () => void): void {
  const leaving = useRef(leave)
  useEffect(() => {
    leaving.current = leave
  })
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      const { target, key } = event
      if (key !== 'Escape' || !(target instanceof Element) || target.closest(others)) return
      event.preventDefault()
      event.stopPropagation()
      leaving.current()
    }
    window.addEventListener('keydown', onKeyDown, true)
    return () => window.removeEventListener('keydown', onKeyDown, true)
  }, [])
}

type FrameRef = { readonly current: HTMLElement | null }

/** The focus goes back to where it was, if it was in the pane by then. */
function useReturningFocus(frame: FrameRef): () => void {
  const before = useRef<Element | null>(null)
  useEffect(() => {
    before.current = document.activeElement
    if (window.innerWidth < overlaidBelowPx) frame.current?.focus()
  }, [frame])
  return () => {
    const wasWithin = frame.current?.contains(document.activeElement) ?? false
    openPane(null)
    const target = before.current
    if (wasWithin && target instanceof HTMLElement && target.isConnected) target.focus()
  }
}

/** What had the focus goes with the pane before, at once or when the next one has come: that one takes it up. */
function useKeptFocus(frame: FrameRef, pane: Pane): void {
  const before = useRef<Element | null>(null)
  useLayoutEffect(() => {
    const had = before.current
    if (had && (document.activeElement === had || document.activeElement === document.body)) {
      frame.current?.focus()
    }
    return () => {
      const { activeElement } = document
      const wasHere = activeElement === document.body || frame.current?.contains(activeElement)
      before.current = wasHere ? activeElement : null
    }
  }, [frame, pane])
}
