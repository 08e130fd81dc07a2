import type { AccountId } from '@parley/domain/ids'
import { Trash2 } from 'lucide-react'
import type { TimelineMessage } from '../../live/queries.ts'
import { MessageAttachments } from './attachments/message-attachments.tsx'
import { MessageText } from './message-text.tsx'
import { useName } from './people-index.ts'
import { Unopened } from './unopened.tsx'

/** What a message says and carries. */
export function MessageContent({ message }: { readonly message: TimelineMessage }) {
  const { content, attachments } = message
  switch (content.kind) {
    case 'plain':
      return (
        <>
          {content.text !== '' && <MessageText text={content.text} said={message} />}
          {attachments.length > 0 && <MessageAttachments message={message} />}
        </>
      )
    case 'closed':
      return <Unopened {...content} />
    case 'sealed':
      return <Unopened cause="no-grant-yet" heals />
    case 'deleted':
      return <Deleted by={content.by} />
  }
}

function Deleted({ by }: { readonly by: AccountId }) {
  const name = useName(by)
  return (
    <p className="flex items-center gap-2 text-dim">
      <Trash2 aria-hidden size={16} />
      {name === null ? 'Deleted' : `Deleted by ${name}`}
    </p>
  )
}
