import { useQuery } from '@tanstack/react-query'
import { mayInConversation } from '@parley/domain/permissions'
import type { MessageId } from '@parley/domain/ids'
import { useMemo, useState } from 'react'
import { type ConversationView, meQuery, type TimelineMessage } from '../live/queries.ts'
import { ConfirmNow } from '../ui/dialog.tsx'
import { Shape } from '../ui/states.tsx'
import { SealingBar } from '../encryption/sealing-bar.tsx'
import { Composer } from './composer/composer.tsx'
import { Head } from './head.tsx'
import { type Here, HereContext } from './here.ts'
import { Nothing } from './nothing.tsx'
import { PendingBar } from './pending-bar.tsx'
import { remove } from './timeline/doing.ts'
import type { Paging } from './timeline/paging.ts'
import type { Shown } from './timeline/shown.ts'
import { Timeline } from './timeline/timeline.tsx'
import { TypingLine } from './typing-line.tsx'
import { useFollowing } from './use-following.ts'
import { useJumps } from './use-jumps.ts'

interface OpenConversationProps {
  readonly view: ConversationView
  readonly paging: Paging
  readonly shown: Shown
  readonly messageId: MessageId | undefined
  /** Whether it takes so long that the shape of what comes is worth showing. */
  readonly late: boolean
}

export function OpenConversation({ view, paging, shown, messageId, late }: OpenConversationProps) {
  const jumps = useJumps({ id: view.id, paging, shown, messageId })
  const [deleting, setDeleting] = useState<TimelineMessage | null>(null)
  const here = useHere(view, jumps, setDeleting)
  useFollowing(view, paging, shown)
  const isEmpty = shown.items.length === 0
  // Each page of history is another `shown`: what is around the messages is not drawn again for it.
  const above = useMemo(
    () => (
      <>
        <Head view={view} />
        <SealingBar view={view} />
        <PendingBar view={view} />
      </>
    ),
    [view],
  )
  const below = useMemo(
    () => (
      <>
        <TypingLine id={view.id} />
        <Composer conversationId={view.id} />
      </>
    ),
    [view.id],
  )
  return (
    <HereContext value={here}>
      {above}
      {shown.ready && !isEmpty ? (
        <Timeline
          view={view}
          paging={paging}
          shown={shown}
          markedKey={jumps.markedKey}
          cameFrom={jumps.cameFrom}
          onReturn={jumps.comeBack}
          placeRef={jumps.placeRef}
        />
      ) : (
        <div className="flex min-h-0 flex-1 flex-col justify-end">
          {shown.ready ? <Nothing view={view} shown={shown} paging={paging} /> : late && <Shape lines={8} />}
        </div>
      )}
      {below}
      {deleting && (
        <ConfirmNow
          title="Delete this message?"
          about="Everybody sees that there was one, and nobody what it said."
          done="Delete"
          onDone={() => remove(deleting, here)}
          onClose={() => setDeleting(null)}
        />
      )}
    </HereContext>
  )
}

/** What the rows need of the conversation, as one object for as long as none of it changes. */
function useHere(
  view: ConversationView,
  { goTo, jumpToDate }: Pick<Here, 'goTo' | 'jumpToDate'>,
  askToDelete: Here['askToDelete'],
): Here {
  const { data: me } = useQuery(meQuery)
  const { id, role } = view
  const { kind, closedAt } = view.conversation
  const myId = me?.id ?? null
  return useMemo(
    () => ({
      conversationId: id,
      ...{ myId, kind, goTo, jumpToDate, askToDelete },
      isClosed: closedAt !== null,
      mayDeleteOthers: mayInConversation(kind, role, 'delete-of-others'),
    }),
    [id, myId, kind, role, closedAt, goTo, jumpToDate, askToDelete],
  )
}
