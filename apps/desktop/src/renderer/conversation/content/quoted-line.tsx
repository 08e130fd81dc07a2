import type { TimelineMessage } from '../../live/queries.ts'
import { lineOf } from './shape-of-text.ts'

type Quoted = Pick<TimelineMessage, 'content'>

/** One line of a message that is replied to, without its markup. */
export function QuotedLine({ message }: { readonly message: Quoted }) {
  const { content } = message
  const said = content.kind === 'plain' ? lineOf(content.text) : ''
  return (
    <span className={`truncate ${said === '' ? 'italic' : ''}`}>
      {said === '' ? insteadOf(content) : said}
    </span>
  )
}

function insteadOf({ kind }: Quoted['content']): string {
  switch (kind) {
    case 'plain':
      return 'Attachment'
    case 'sealed':
    case 'closed':
      return 'Encrypted message'
    case 'deleted':
      return 'Deleted message'
  }
}
