import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type KeyboardEvent, type PointerEvent, useState, type WheelEvent } from 'react'
import type { TimelineMessage } from '../../../live/queries.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Failed } from '../../../ui/states.tsx'
import { saveAttachment } from './save-attachment.ts'
import { type Attachment, usePicture } from './use-picture.ts'

interface PictureViewerProps {
  readonly message: TimelineMessage
  readonly pictures: readonly Attachment[]
  readonly first: number
  readonly onClose: () => void
}

interface View {
  /** 1 is the whole picture in the window. */
  readonly zoom: number
  readonly x: number
  readonly y: number
}

const whole: View = { zoom: 1, x: 0, y: 0 }
const zoomMax = 8
const step = 1.25

/** A picture over the whole window: arrow keys go to the next one, + and - zoom, 0 shows all of it, Escape leaves. */
export function PictureViewer({ message, pictures, first, onClose }: PictureViewerProps) {
  const [index, setIndex] = useState(first)
  const [view, setView] = useState(whole)
  const [opener] = useState(() => document.activeElement)
  const picture = pictures[index]
  if (!picture) return null
  const goTo = (next: number) => {
    if (!pictures[next]) return
    setIndex(next)
    setView(whole)
  }
  const zoomBy = (factor: number) => setView((now) => zoomed(now, factor))
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => goTo(index - 1),
    ArrowRight: () => goTo(index + 1),
    '+': () => zoomBy(step),
    '=': () => zoomBy(step),
    '-': () => zoomBy(1 / step),
    '0': () => setView(whole),
    // The tip of a button would take the first one for itself.
    Escape: onClose,
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const run = keys[event.key]
    if (!run) return
    event.preventDefault()
    run()
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Content
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (opener instanceof HTMLElement) opener.focus()
          }}
          onOpenAutoFocus={(event) => {
            // On the picture rather than on its first button, of which the tip would be shown.
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
          className="fixed inset-0 z-40 flex animate-appear flex-col bg-ground outline-none"
        >
          <header className="flex h-12 items-center gap-1 border-b border-line px-4">
            <Dialog.Title className="min-w-0 flex-1 truncate font-medium">{picture.name}</Dialog.Title>
            {pictures.length > 1 && (
              <span className="px-2 text-small text-dim tabular-nums">
                {index + 1} of {pictures.length}
              </span>
            )}
            <IconButton
              label="Zoom out"
              keys="-"
              icon={<ZoomOut size={16} />}
              onClick={() => zoomBy(1 / step)}
            />
            <IconButton label="Zoom in" keys="+" icon={<ZoomIn size={16} />} onClick={() => zoomBy(step)} />
            <IconButton
              label="Save as…"
              icon={<Download size={16} />}
              onClick={() => void saveAttachment(picture, message)}
            />
            <Dialog.Close asChild>
              <IconButton label="Close" keys="Esc" icon={<X size={16} />} />
            </Dialog.Close>
          </header>
          <div className="relative flex min-h-0 flex-1">
            <Canvas key={picture.id} message={message} picture={picture} view={view} onView={setView} />
            {index > 0 && <Turn to="previous" onTurn={() => goTo(index - 1)} />}
            {index < pictures.length - 1 && <Turn to="next" onTurn={() => goTo(index + 1)} />}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function zoomed({ zoom, x, y }: View, factor: number): View {
  const next = Math.min(zoomMax, Math.max(1, zoom * factor))
  return next === 1 ? whole : { zoom: next, x: (x * next) / zoom, y: (y * next) / zoom }
}

function Turn({ to, onTurn }: { readonly to: 'previous' | 'next'; readonly onTurn: () => void }) {
  return (
    <IconButton
      label={to === 'next' ? 'Next picture' : 'Previous picture'}
      keys={to === 'next' ? '→' : '←'}
      icon={to === 'next' ? <ChevronRight size={16} /> : <ChevronLeft size={16} />}
      onClick={onTurn}
      className={`absolute top-1/2 -mt-4 size-8 border border-line bg-raised ${to === 'next' ? 'right-4' : 'left-4'}`}
    />
  )
}

interface CanvasProps {
  readonly message: TimelineMessage
  readonly picture: Attachment
  readonly view: View
  readonly onView: (change: (now: View) => View) => void
}

function Canvas({ message, picture, view, onView }: CanvasProps) {
  const { url, trouble, retry } = usePicture(picture, message.id)
  const { zoom, x, y } = view
  const onWheel = (event: WheelEvent) => onView((now) => zoomed(now, event.deltaY < 0 ? step : 1 / step))
  const onPointerMove = (event: PointerEvent) => {
    if (event.buttons !== 1 || zoom === 1) return
    onView((now) => ({ ...now, x: now.x + event.movementX, y: now.y + event.movementY }))
  }
  return (
    <div
      onWheel={onWheel}
      onPointerMove={onPointerMove}
      onDoubleClick={() => onView((now) => (now.zoom === 1 ? { ...whole, zoom: 2.5 } : whole))}
      className={`flex min-w-0 flex-1 items-center justify-center overflow-hidden p-4 ${zoom > 1 ? 'cursor-grab active:cursor-grabbing' : ''}`}
    >
      {url !== null && (
        <img
          src={url}
          alt={picture.name}
          draggable={false}
          className="max-h-full max-w-full object-contain"
          style={{ transform: `translate(${String(x)}px, ${String(y)}px) scale(${String(zoom)})` }}
        />
      )}
      {url === null && trouble !== null && <Failed text={trouble} onRetry={retry} />}
      {url === null && trouble === null && (
        <div role="status" aria-label="Loading" className="size-40 animate-shimmer rounded-large bg-hover" />
      )}
    </div>
  )
}
