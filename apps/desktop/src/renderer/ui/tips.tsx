import { Tooltip } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { Keys } from './keys.tsx'

/** Somebody who rests on a thing for so long wants to know what it is. */
const restMs = 500
/** Who was just told of one thing is told of the next at once. */
const againMs = 200
/** The way from the thing to its tip takes no longer. */
const leaveMs = 150

interface Shown {
  readonly label: string
  readonly keys: string | undefined
  readonly place: DOMRect
}

const tipOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null

/** The one tip of the window. There are hundreds of things that could have one, and none of them carries it. */
export function Tips() {
  const [shown, setShown] = useState<Shown | null>(null)
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => follow(setShown, content), [])
  return (
    <Tooltip.Provider delayDuration={0} disableHoverableContent>
      {shown && (
        <Tooltip.Root open onOpenChange={(open) => !open && setShown(null)}>
          <Tooltip.Trigger asChild>
            <span aria-hidden className="pointer-events-none fixed" style={boxOf(shown.place)} />
          </Tooltip.Trigger>
          <Tooltip.Portal>
            <Tooltip.Content
              ref={content}
              sideOffset={6}
              collisionPadding={8}
              className="z-50 flex max-w-72 animate-appear items-center gap-2 rounded-medium border border-line bg-raised px-2 py-1 text-small text-text shadow-raised"
            >
              {shown.label}
              {shown.keys !== undefined && <Keys keys={shown.keys} />}
            </Tooltip.Content>
          </Tooltip.Portal>
        </Tooltip.Root>
      )}
    </Tooltip.Provider>
  )
}

const boxOf = ({ left, top, width, height }: DOMRect) => ({ left, top, width, height })

/** Listens where the pointer and the focus are. @returns what stops it. */
function follow(
  show: (shown: Shown | null) => void,
  content: { readonly current: HTMLElement | null },
): () => void {
  let on: HTMLElement | null = null
  let open = false
  let closedAt = -againMs
  let timer: ReturnType<typeof setTimeout> | undefined

  const close = () => {
    clearTimeout(timer)
    if (open) closedAt = performance.now()
    open = false
    show(null)
  }
  const tell = () => {
    const label = on?.isConnected === true ? on.dataset['tip'] : undefined
    if (on === null || label === undefined) return
    open = true
    show({ label, keys: on.dataset['tipKeys'], place: on.getBoundingClientRect() })
  }
  const go = (to: HTMLElement | null, waitMs: number) => {
    on = to
    clearTimeout(timer)
    if (to === null) timer = setTimeout(close, open ? leaveMs : 0)
    else if (waitMs === 0) tell()
    else timer = setTimeout(tell, waitMs)
  }
  const over = ({ target, pointerType }: PointerEvent) => {
    if (pointerType === 'touch') return
    // Resting on the tip itself is reading it.
    if (target instanceof Node && content.current?.contains(target)) return clearTimeout(timer)
    const to = tipOf(target)
    if (to === on) return
    go(to, open || performance.now() - closedAt < againMs ? 0 : restMs)
  }
  const press = () => {
    // It is used: what it is was known.
    clearTimeout(timer)
    if (open) close()
  }
  const focus = ({ target }: FocusEvent) => {
    const to = tipOf(target)
    if (to?.matches(':focus-visible') === true) go(to, 0)
  }
  const blur = () => go(null, 0)
  const stops = [
    listen('pointerover', over),
    listen('pointerdown', press),
    listen('keydown', ({ key }) => key === 'Escape' && press()),
    listen('scroll', () => open && close()),
    listen('focusin', focus),
    listen('focusout', blur),
  ]
  return () => {
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}

function listen<Name extends keyof DocumentEventMap>(
  name: Name,
  run: (event: DocumentEventMap[Name]) => unknown,
): () => void {
  const heard = { capture: true, passive: true } as const
  document.addEventListener(name, run, heard)
  return () => document.removeEventListener(name, run, heard)
}
