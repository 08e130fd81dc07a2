import { Download } from 'lucide-react'
import type { TimelineMessage } from '../../../live/queries.ts'
import { IconButton } from '../../../ui/button.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { FileIcon } from './file-icon.tsx'
import { kindOfFile } from './kinds-of-files.ts'
import { saveAttachment } from './save-attachment.ts'
import { sizeWords } from './size-words.ts'
import { UploadState } from './upload-state.tsx'
import type { Attachment } from './use-picture.ts'
import { useTransfer } from './use-transfer.ts'

interface FileRowProps {
  readonly attachment: Attachment
  readonly message: TimelineMessage
}

/** A file that a message carries: what it is, how large, and a way to have it. */
export function FileRow({ attachment, message }: FileRowProps) {
  const { name, bytes } = attachment
  const transfer = useTransfer(attachment.id)
  const isSaving = transfer?.direction === 'down'
  return (
    <div className="flex w-full max-w-96 flex-col gap-1 rounded-medium border border-line py-1.5 pr-1.5 pl-2.5">
      <div className="flex items-center gap-2.5">
        <span className="text-dim">
          <FileIcon kind={kindOfFile(attachment)} />
        </span>
        <span className="flex min-w-0 flex-1 flex-col">
          <span title={name} className="truncate select-text">
            {name}
          </span>
          <span className="text-small text-dim">{sizeWords(bytes)}</span>
        </span>
        <IconButton
          label={`Save ${name} as…`}
          icon={<Download size={16} />}
          disabled={isSaving}
          onClick={() => void saveAttachment(attachment, message)}
        />
      </div>
      {isSaving && <ProgressBar label={`Bringing ${name}`} done={transfer.doneBytes} all={transfer.bytes} />}
      <UploadState attachment={attachment} message={message} />
    </div>
  )
}
