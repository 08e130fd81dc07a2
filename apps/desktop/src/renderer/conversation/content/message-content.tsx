import type { TimelineMessage } from '../../live/queries.ts'

/** What a message says and carries. */
export function MessageContent({ message }: { readonly message: TimelineMessage }) {
  const { content } = message
  switch (content.kind) {
    case 'plain':
      return <div className="max-w-[72ch] whitespace-pre-wrap select-text">{content.text}</div>
    case 'sealed':
      return <div className="text-dim">This message is encrypted, and cannot be read on this device yet.</div>
    case 'deleted':
      return <div className="text-dim">Deleted</div>
  }
}
