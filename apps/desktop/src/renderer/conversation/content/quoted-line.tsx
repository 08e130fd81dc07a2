import type { TimelineMessage } from '../../live/queries.ts'

type Quoted = Pick<TimelineMessage, 'content'>

/** One line of a message that is replied to, without its markup. */
export function QuotedLine({ message }: { readonly message: Quoted }) {
  return <span className="truncate">{lineOf(message)}</span>
}

function lineOf({ content }: Quoted): string {
  switch (content.kind) {
    case 'plain':
      return content.text.slice(0, 200) || 'Attachment'
    case 'sealed':
      return 'Encrypted message'
    case 'deleted':
      return 'Deleted message'
  }
}
