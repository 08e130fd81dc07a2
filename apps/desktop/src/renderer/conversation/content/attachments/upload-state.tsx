import { RotateCw, X } from 'lucide-react'
import { complain } from '../../../live/act.ts'
import { engine } from '../../../live/clients.ts'
import type { TimelineMessage } from '../../../live/queries.ts'
import { wordsFor } from '../../../live/trouble-words.ts'
import { IconButton } from '../../../ui/button.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { sizeWords } from './size-words.ts'
import { takeBack } from '../../composer/taking-back.ts'
import type { Attachment } from './use-picture.ts'
import { useTransfer } from './use-transfer.ts'

interface UploadStateProps {
  readonly attachment: Attachment
  readonly message: TimelineMessage
}

/** Where an attachment is on its way to the server; nothing once it is there. */
export function UploadState({ attachment, message }: UploadStateProps) {
  const { operationId, delivery } = message
  if (attachment.sentBytes === null || operationId === null) return null
  if (delivery === 'failed') return <Refused message={message} operationId={operationId} />
  if (delivery === 'sent' || attachment.bytes === 0) return null
  return <UnderWay attachment={attachment} operationId={operationId} />
}

type OperationId = NonNullable<TimelineMessage['operationId']>

function UnderWay({
  attachment,
  operationId,
}: {
  readonly attachment: Attachment
  readonly operationId: OperationId
}) {
  const transfer = useTransfer(attachment.id)
  if (!transfer) return null
  const { doneBytes, bytes } = transfer
  return (
    <div className="flex items-center gap-2">
      <ProgressBar label={`Sending ${attachment.name}`} done={doneBytes} all={bytes} />
      <span aria-hidden className="shrink-0 text-small text-dim tabular-nums">
        {sizeWords(doneBytes)} of {sizeWords(bytes)}
      </span>
      <IconButton
        label="Cancel sending"
        icon={<X size={16} />}
        onClick={() => void takeBack([operationId])}
      />
    </div>
  )
}

/** What the server said of the files; what it said of the message stands beside the message. */
function Refused({
  message,
  operationId,
}: {
  readonly message: TimelineMessage
  readonly operationId: OperationId
}) {
  const { problem } = message
  if (problem?.field !== 'attachments') return null
  return (
    <div className="flex items-center gap-2 text-small text-danger">
      <span>{wordsFor(problem.kind, problem.message)}</span>
      <IconButton
        label="Try again"
        icon={<RotateCw size={16} />}
        onClick={() => void engine.outbox.retry.mutate({ id: operationId }).catch(complain)}
      />
    </div>
  )
}
