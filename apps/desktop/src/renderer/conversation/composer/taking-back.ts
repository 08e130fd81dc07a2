import { useEffect, useRef } from 'react'
import { complain } from '../../live/act.ts'
import { engine } from '../../live/clients.ts'
import { queryClient } from '../../live/live.ts'
import { type ConversationKey, draftQuery } from '../../live/queries.ts'
import { notice } from '../../state/notices.ts'
import { redraw, setAside, setComposing, useRedrawn } from '../composing.ts'
import { keepNow } from './use-kept-draft.ts'

/** Takes back what was not sent. A message is in the composer again, with its files and before what is there. */
export async function takeBack(ids: readonly string[]): Promise<void> {
  try {
    const outbox = await engine.outbox.list.query()
    const conversations = new Set(
      outbox.flatMap(({ id, action }) =>
        action.kind === 'send' && ids.includes(id) ? [action.conversationId] : [],
      ),
    )
    for (const id of conversations) keepNow(id)
    const undone = await Promise.all(ids.map((id) => engine.outbox.undo.mutate({ id })))
    for (const id of conversations) redraw(id)
    if (undone.includes(false)) notice({ tone: 'plain', text: 'It was too late: the server has it already.' })
  } catch (error) {
    complain(error)
  }
}

/** Takes up a draft that something else changed. */
export function useRedrawing(id: ConversationKey, replace: (text: string) => void): void {
  const redrawn = useRedrawn(id)
  const answered = useRef(redrawn)
  useEffect(() => {
    if (redrawn === answered.current) return
    answered.current = redrawn
    void queryClient.fetchQuery({ ...draftQuery(id), staleTime: 0 }).then((draft) => {
      if (!draft) return
      if (draft.editing !== undefined) return setAside(id, draft.aside ?? '')
      if (draft.replyTo !== undefined) setComposing(id, { kind: 'reply', to: draft.replyTo })
      replace(draft.text)
    })
  }, [id, redrawn, replace])
}
