import { ImageOff } from 'lucide-react'
import type { TimelineMessage } from '../../../live/queries.ts'
import { Button } from '../../../ui/button.tsx'
import { UploadState } from './upload-state.tsx'
import { type Attachment, usePicture } from './use-picture.ts'

interface PicturePreviewProps {
  readonly attachment: Attachment
  readonly message: TimelineMessage
  /** Of several in a message each has less room. */
  readonly among: number
  readonly onOpen: () => void
}

/** A picture, as large as its place, which is kept before its bytes are there so that nothing moves when they come. */
export function PicturePreview({ attachment, message, among, onOpen }: PicturePreviewProps) {
  const { name } = attachment
  const { url, trouble, retry } = usePicture(attachment, message.id)
  const place = among === 1 ? 'h-60 w-90' : 'h-36 w-48'
  const bounds = among === 1 ? 'max-h-60 max-w-90' : 'max-h-36 max-w-48'
  return (
    <div className="flex max-w-full flex-col gap-1">
      <div className={`flex max-w-full items-start ${place}`}>
        {url !== null && (
          <button
            type="button"
            aria-label={`Show ${name}`}
            title={name}
            onClick={onOpen}
            className="max-w-full overflow-hidden rounded-medium outline-1 -outline-offset-1 outline-line"
          >
            <img src={url} alt={name} draggable={false} className={`object-contain ${bounds}`} />
          </button>
        )}
        {url === null && trouble === null && (
          <div
            role="status"
            aria-label={`Loading ${name}`}
            className="size-full animate-shimmer rounded-medium bg-hover"
          />
        )}
        {url === null && trouble !== null && <NotHere text={trouble} onRetry={retry} />}
      </div>
      <UploadState attachment={attachment} message={message} />
    </div>
  )
}

function NotHere({ text, onRetry }: { readonly text: string; readonly onRetry: () => void }) {
  return (
    <div className="flex size-full flex-col items-center justify-center gap-2 rounded-medium border border-line p-2 text-center text-small text-dim">
      <ImageOff aria-hidden size={16} />
      <span>{text}</span>
      <Button tone="quiet" onClick={onRetry} className="text-small">
        Try again
      </Button>
    </div>
  )
}
