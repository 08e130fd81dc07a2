import { Paperclip } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { notice } from '../../state/notices.ts'

interface DropPlaceProps {
  /** The field; files can be dropped on all of the conversation around it. */
  readonly within: RefObject<HTMLElement | null>
  readonly to: string
  readonly onFiles: (files: readonly File[]) => void
}

/** Files can be dropped anywhere on the conversation. While they are held over it, it says where they go. */
export function DropPlace({ within, to, onFiles }: DropPlaceProps) {
  const [place, setPlace] = useState<DOMRect | null>(null)
  useEffect(() => {
    const area = () => within.current?.closest('main') ?? null
    const isOver = (event: DragEvent) =>
      event.target instanceof Node && area()?.contains(event.target) === true
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      // What is dropped elsewhere would be opened in the place of the app.
      event.preventDefault()
      const accepts = isOver(event)
      event.dataTransfer.dropEffect = accepts ? 'copy' : 'none'
      const rect = accepts ? (area()?.getBoundingClientRect() ?? null) : null
      setPlace((now) => (now && rect ? now : rect))
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setPlace(null)
    }
    const drop = (event: DragEvent) => {
      setPlace(null)
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      if (isOver(event)) onFiles(filesOf(event.dataTransfer))
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [within, onFiles])
  if (!place) return null
  const { left, top, width, height } = place
  return createPortal(
    <div style={{ left, top, width, height }} className="pointer-events-none fixed z-30 animate-appear p-3">
      <div className="flex size-full flex-col items-center justify-center gap-2 rounded-large border-2 border-dashed border-accent bg-ground/90 text-text">
        <Paperclip aria-hidden size={24} className="text-accent" />
        <p className="text-head font-medium">Add to your message to {to}</p>
        <p className="text-dim">Nothing is sent until you send it.</p>
      </div>
    </div>,
    document.body,
  )
}

/** Folders are no files, and have to be packed first. */
function filesOf({ items }: DataTransfer): readonly File[] {
  const files: File[] = []
  for (const item of items) {
    if (item.kind !== 'file') continue
    const file = item.getAsFile()
    if (item.webkitGetAsEntry()?.isDirectory) {
      notice({
        tone: 'plain',
        text: `${file?.name ?? 'This'} is a folder. Pack it into one file to send it.`,
      })
    } else if (file) files.push(file)
  }
  return files
}
