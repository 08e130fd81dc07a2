import { lazy, Suspense, useState } from 'react'
import type { TimelineMessage } from '../../../live/queries.ts'
import { FileRow } from './file-row.tsx'
import { isPicture } from './kinds-of-files.ts'
import { PicturePreview } from './picture-preview.tsx'

const PictureViewer = lazy(async () => ({ default: (await import('./picture-viewer.tsx')).PictureViewer }))

/** What a message carries: its pictures, and then its other files. */
export function MessageAttachments({ message }: { readonly message: TimelineMessage }) {
  const [shown, setShown] = useState<number | null>(null)
  const { attachments } = message
  const pictures = attachments.filter(isPicture)
  const files = attachments.filter((each) => !isPicture(each))
  return (
    <div className="mt-1 flex flex-col gap-2">
      {pictures.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {pictures.map((attachment, index) => (
            <PicturePreview
              // A picture that was sent from here is the same one once the server has named it.
              key={`${String(index)} ${attachment.name}`}
              attachment={attachment}
              message={message}
              among={pictures.length}
              onOpen={() => setShown(index)}
            />
          ))}
        </div>
      )}
      {files.map((attachment, index) => (
        <FileRow key={`${String(index)} ${attachment.name}`} attachment={attachment} message={message} />
      ))}
      {shown !== null && (
        <Suspense>
          <PictureViewer message={message} pictures={pictures} first={shown} onClose={() => setShown(null)} />
        </Suspense>
      )}
    </div>
  )
}
