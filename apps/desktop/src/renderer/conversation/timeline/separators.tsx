import { useQuery } from '@tanstack/react-query'
import { use } from 'react'
import { conversationQuery } from '../../live/queries.ts'
import { titleOf } from '../../sidebar/title-of.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { type Here, HereContext } from '../here.ts'
import { DateJump } from './date-jump.tsx'
import { dayText } from './times.ts'

/** A new day; pressing it goes to another. */
export function DayLine({ at }: { readonly at: number }) {
  return (
    <div className="flex items-center gap-3 pr-1.5 pl-4 pt-4 pb-1">
      <span aria-hidden className="h-px flex-1 bg-line" />
      <DateJump at={at} align="center">
        <button
          type="button"
          aria-label={`${dayText(at)}. Jump to a date`}
          className="rounded-full px-2 text-small font-medium text-dim hover:bg-hover hover:text-text"
        >
          {dayText(at)}
        </button>
      </DateJump>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  )
}

/** Where reading was left. It stays there until the conversation is left. */
export function NewLine() {
  return (
    <div role="separator" aria-label="New messages" className="flex items-center gap-2 pr-1.5 pl-4 pt-3 pb-1">
      <span aria-hidden className="h-px flex-1 bg-accent" />
      <span aria-hidden className="text-small font-semibold text-accent">
        New
      </span>
    </div>
  )
}

export function Beginning() {
  const here = use(HereContext)
  return here && <BeginningOf here={here} />
}

function BeginningOf({ here }: { readonly here: Here }) {
  const { data: view } = useQuery(conversationQuery(here.conversationId))
  if (!view) return null
  const title = titleOf(view)
  const isGroup = view.conversation.kind === 'group'
  return (
    <div className="flex flex-col gap-2 px-4 pt-10 pb-2">
      <Avatar
        seed={isGroup ? view.id : (view.otherId ?? view.id)}
        name={title}
        size={56}
        shape={isGroup ? 'group' : 'person'}
      />
      <h2 className="text-page font-semibold">{title}</h2>
      <p className="max-w-[72ch] text-dim">
        {isGroup
          ? view.conversation.description || 'This is where the group begins.'
          : `This is where your conversation with ${title} begins.`}
      </p>
    </div>
  )
}
