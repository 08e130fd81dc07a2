import { useQuery } from '@tanstack/react-query'
import type { MessageId } from '@parley/domain/ids'
import { useEffect, useState } from 'react'
import { type ConversationKey, conversationQuery, type ConversationView } from '../live/queries.ts'
import { useLasting } from '../shell/use-countdown.ts'
import { Shape } from '../ui/states.tsx'
import { Gone } from './gone.tsx'
import { BotsContext, NamesContext, useBots, useNamesOfAll } from './names.ts'
import { OpenConversation } from './open-conversation.tsx'
import { usePaging } from './timeline/use-paging.ts'

/** What comes sooner needs no shape of what comes. */
const quietMs = 150

interface ConversationScreenProps {
  readonly id: ConversationKey
  readonly messageId?: MessageId | undefined
}

/** A conversation: who is in it, what was said, and where one writes. */
export function ConversationScreen({ id, messageId }: ConversationScreenProps) {
  const { data: view } = useQuery(conversationQuery(id))
  const names = useNamesOfAll()
  const bots = useBots()
  // Asked for at once, beside the conversation itself.
  const [paging, shown] = usePaging(id, messageId)
  const last = useLastSeen(view)
  const late = useLasting(view === undefined || !shown.ready, quietMs)
  if (view === null) return <Gone last={last} />
  if (view === undefined) return late ? <Shape /> : null
  return (
    <NamesContext value={names}>
      <BotsContext value={bots}>
        <OpenConversation view={view} paging={paging} shown={shown} messageId={messageId} late={late} />
      </BotsContext>
    </NamesContext>
  )
}

/** The conversation as it was before it went. */
function useLastSeen(view: ConversationView | null | undefined): ConversationView | null {
  const [last, setLast] = useState<ConversationView | null>(null)
  useEffect(() => {
    if (view) setLast(view)
  }, [view])
  return last
}
