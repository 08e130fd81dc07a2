import type { KeyboardEvent, PointerEvent } from 'react'
import { resizeSidebar, sidebarWidthMax, sidebarWidthMin } from '../shell/layout.ts'

const stepPx = 16

/** The edge of the sidebar, which is moved by pointer and by arrow keys. */
export function ResizeHandle({ width }: { readonly width: number }) {
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget
    const startsAt = event.clientX - width
    handle.setPointerCapture(event.pointerId)
    const move = (moved: globalThis.PointerEvent) => resizeSidebar(moved.clientX - startsAt)
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
      once: true,
    })
  }
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowLeft') resizeSidebar(width - stepPx)
    else if (key === 'ArrowRight') resizeSidebar(width + stepPx)
  }
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label="Width of the sidebar"
      aria-valuenow={width}
      aria-valuemin={sidebarWidthMin}
      aria-valuemax={sidebarWidthMax}
      tabIndex={0}
      onPointerDown={begin}
      onKeyDown={onKeyDown}
      className="absolute inset-y-0 -right-1 z-10 w-2 cursor-col-resize after:absolute after:inset-y-0 after:left-1/2 after:w-0.5 after:-translate-x-1/2 after:transition-colors after:duration-100 hover:after:bg-line-strong focus-visible:outline-none focus-visible:after:bg-accent active:after:bg-accent"
    />
  )
}
