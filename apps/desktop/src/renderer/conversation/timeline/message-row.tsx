import { Pencil } from 'lucide-react'
import { type FocusEvent, memo, use, useState } from 'react'
import { NoticeLines } from '../../encryption/notice-lines.tsx'
import type { SealedNotice, TimelineMessage } from '../../live/queries.ts'
import { openPane } from '../../state/place.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { BotBadge } from '../../ui/bot-badge.tsx'
import { Tip } from '../../ui/tip.tsx'
import { MessageContent } from '../content/message-content.tsx'
import { QuotedLine } from '../content/quoted-line.tsx'
import { type Here, HereContext } from '../here.ts'
import { BotsContext, useNameOf } from '../names.ts'
import { DeliveryLine, PendingLine } from './delivery.tsx'
import { useReacting } from './reacting.ts'
import { Reactions } from './reactions.tsx'
import { Beginning, DayLine, NewLine } from './separators.tsx'
import { fullText, timeText } from './times.ts'
import { Toolbar } from './toolbar.tsx'

interface MessageRowProps {
  readonly message: TimelineMessage
  readonly opens: boolean
  readonly day: boolean
  readonly isNew: boolean
  readonly begins: boolean
  readonly noticesAbove: readonly SealedNotice[]
  readonly noticesBelow: readonly SealedNotice[]
  /** It was gone to: it stands out for a moment. */
  readonly marked: boolean
}

/** A message with what stands above it. It is drawn again only when something of it has changed. */
export const MessageRow = memo(function MessageRow({
  message,
  opens,
  day,
  isNew,
  begins,
  noticesAbove,
  noticesBelow,
  marked,
}: MessageRowProps) {
  const here = use(HereContext)
  if (!here) return null
  return (
    <>
      {begins && <Beginning />}
      {day && <DayLine at={message.sentAt} />}
      {noticesAbove.length > 0 && <NoticeLines notices={noticesAbove} />}
      {isNew && <NewLine />}
      <Message message={message} here={here} opens={opens} marked={marked} />
      {noticesBelow.length > 0 && <NoticeLines notices={noticesBelow} />}
    </>
  )
})

interface MessageProps extends Pick<MessageRowProps, 'message' | 'opens' | 'marked'> {
  readonly here: Here
}

function Message({ message, here, opens, marked }: MessageProps) {
  const nameOf = useNameOf()
  const [pointed, setPointed] = useState(false)
  const [focused, setFocused] = useState(false)
  const [held, setHeld] = useState(false)
  const asked = useReacting(({ key }) => key === message.key)
  const author = nameOf(message.authorId)
  const isBot = use(BotsContext).has(message.authorId)
  const active = pointed || focused || held || asked
  const ground = message.mentionsMe ? 'bg-highlight' : active ? 'bg-hover' : ''
  return (
    <div
      role="article"
      tabIndex={-1}
      data-key={message.key}
      aria-label={labelOf(message, isBot ? `${author}, bot` : author)}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={(event: FocusEvent) => setFocused(event.currentTarget.contains(event.relatedTarget))}
      className={`relative flex gap-3 pr-4 pl-4 -outline-offset-2 ${opens ? 'pt-2 pb-0.5' : 'py-0.5'} ${ground} ${marked ? 'animate-marked' : ''} ${message.mentionsMe ? 'shadow-[inset_2px_0_0_var(--warn)]' : ''}`}
    >
      <Gutter message={message} author={author} opens={opens} active={active} />
      <div className={`min-w-0 flex-1 ${message.delivery === 'sending' ? 'text-soft' : ''}`}>
        {opens && <Byline message={message} author={author} isBot={isBot} active={active} />}
        {message.replyTo !== null && <Quote message={message} here={here} />}
        <MessageContent message={message} />
        {message.reactions.length > 0 && <Reactions message={message} here={here} />}
        {message.delivery !== 'confirmed' && <DeliveryLine message={message} />}
        {message.pending.length > 0 && <PendingLine message={message} />}
      </div>
      {active && <Toolbar message={message} here={here} onHold={setHeld} />}
    </div>
  )
}

const labelOf = (message: TimelineMessage, author: string): string =>
  [
    author,
    fullText(message.sentAt),
    message.mentionsMe ? 'mentions you' : '',
    isEdited(message) ? 'edited' : '',
    message.delivery === 'failed' ? 'not sent' : '',
  ]
    .filter((part) => part !== '')
    .join(', ')

interface GutterProps {
  readonly message: TimelineMessage
  readonly author: string
  readonly opens: boolean
  readonly active: boolean
}

function Gutter({ message, author, opens, active }: GutterProps) {
  if (opens) {
    return (
      <button
        type="button"
        tabIndex={-1}
        // The name beside it does the same, and is heard.
        aria-hidden
        onClick={() => openPane({ kind: 'person', id: message.authorId })}
        className="h-8 w-9 shrink-0 pt-0.5"
      >
        <Avatar seed={message.authorId} name={author} size={36} />
      </button>
    )
  }
  return (
    <span className="w-9 shrink-0 pt-0.5 text-right text-small text-dim tabular-nums">
      {active ? (
        <time dateTime={new Date(message.sentAt).toISOString()}>{timeText(message.sentAt)}</time>
      ) : (
        isEdited(message) && <Pencil aria-label="Edited" size={12} className="mt-0.5 ml-auto" />
      )}
    </span>
  )
}

interface BylineProps extends Omit<GutterProps, 'opens'> {
  readonly isBot: boolean
}

/** Its name can be reached by keyboard from the message that has the focus, so that others are not in the way. */
function Byline({ message, author, isBot, active }: BylineProps) {
  return (
    <div className="flex items-baseline gap-2">
      <button
        type="button"
        tabIndex={active ? 0 : -1}
        onClick={() => openPane({ kind: 'person', id: message.authorId })}
        className="truncate rounded-small font-semibold hover:underline"
      >
        {author}
      </button>
      {isBot && <BotBadge />}
      <Tip label={fullText(message.sentAt)}>
        <time
          dateTime={new Date(message.sentAt).toISOString()}
          className="shrink-0 text-small text-dim tabular-nums"
        >
          {timeText(message.sentAt)}
        </time>
      </Tip>
      {isEdited(message) && (
        <Tip label={`Edited ${fullText(message.editedAt)}`}>
          <span className="shrink-0 text-small text-dim">edited</span>
        </Tip>
      )}
    </div>
  )
}

const isEdited = (message: TimelineMessage): message is TimelineMessage & { readonly editedAt: number } =>
  message.editedAt !== null && message.content.kind !== 'deleted'

/** The line of the message that this one replies to; pressing it goes there. */
function Quote({ message, here }: { readonly message: TimelineMessage; readonly here: Here }) {
  const nameOf = useNameOf()
  const { repliedTo, replyTo } = message
  if (replyTo === null) return null
  const who = repliedTo && nameOf(repliedTo.authorId)
  return (
    <button
      type="button"
      onClick={() => here.goTo(replyTo)}
      className="my-0.5 flex max-w-[min(100%,72ch)] items-center gap-1.5 border-l-2 border-line-strong py-px pl-2 text-small text-dim hover:border-accent hover:text-text"
    >
      {repliedTo ? (
        <>
          <span className="shrink-0 font-medium">{who}</span>
          <QuotedLine message={repliedTo} />
        </>
      ) : (
        <span>Show what this replies to</span>
      )}
    </button>
  )
}
