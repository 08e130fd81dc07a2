import { lineOf } from '../conversation/content/shape-of-text.ts'
import { dayText, fullText, isSameDay, timeText } from '../conversation/timeline/times.ts'
import { Avatar } from '../ui/avatar.tsx'
import { BotBadge } from '../ui/bot-badge.tsx'
import { excerpt, highlighted } from './highlight.ts'
import type { Found } from './results.ts'

/** What is to be seen of a message that was found; more of it is one press away. */
const excerptCharsMax = 220

interface ResultRowProps {
  readonly message: Found
  readonly words: string
  readonly author: string
  readonly isBot: boolean
  /** Such as `in Garden`; left out where all are of one conversation. */
  readonly where: string | null
}

/** A message that was found: by whom, where and when, and the words in it. */
export function ResultRow({ message, words, author, isBot, where }: ResultRowProps) {
  const { content, sentAt, authorId, attachments } = message
  const text =
    content.kind === 'plain'
      ? lineOf(content.text) || (attachments?.[0]?.name ?? '')
      : content.kind === 'deleted'
        ? 'This message was deleted.'
        : 'This message is sealed.'
  return (
    <>
      <Avatar seed={authorId} name={author} size={24} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-semibold">{author}</span>
          {isBot && <BotBadge />}
          {where !== null && <span className="min-w-0 truncate text-small text-dim">{where}</span>}
          <time
            dateTime={new Date(sentAt).toISOString()}
            title={fullText(sentAt)}
            className="ml-auto shrink-0 text-small text-dim tabular-nums"
          >
            {whenText(sentAt)}
          </time>
        </span>
        <span className="line-clamp-2 max-w-[72ch] text-soft [overflow-wrap:anywhere]">
          {highlighted(excerpt(text, words, excerptCharsMax), words).map((part, index) =>
            part.found ? (
              // The parts of a text have no names of their own.
              <mark key={index} className="rounded-[2px] bg-highlight text-text">
                {part.text}
              </mark>
            ) : (
              part.text
            ),
          )}
        </span>
      </span>
    </>
  )
}

const shortFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const yearFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })

function whenText(at: number): string {
  const now = Date.now()
  if (isSameDay(at, now)) return timeText(at)
  const day = dayText(at, now)
  if (day === 'Yesterday') return day
  return (new Date(at).getFullYear() === new Date(now).getFullYear() ? shortFormat : yearFormat).format(at)
}
