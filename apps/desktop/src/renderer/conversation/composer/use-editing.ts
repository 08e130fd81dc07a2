import { useEffect, useLayoutEffect, useRef } from 'react'
import { queryClient } from '../../live/live.ts'
import type { ConversationKey, Draft } from '../../live/queries.ts'
import {
  asideOf,
  type Composing,
  composingOf,
  type MessageKey,
  messageKeyOf,
  setAside,
  setComposing,
  startEdit,
  startNew,
} from '../composing.ts'
import { lastOwn, messageQuery } from './message-of.ts'

/** Puts what is edited into the field, and back what was there before. */
export function useEditing(
  conversationId: ConversationKey,
  draft: Draft | null,
  composing: Composing,
  text: { readonly get: () => string; readonly set: (text: string) => void },
): void {
  const shown = useRef<MessageKey | null>(draft?.editing ?? null)

  useLayoutEffect(() => {
    const { replyTo, editing, aside } = draft ?? {}
    setAside(conversationId, aside ?? '')
    if (editing !== undefined) setComposing(conversationId, { kind: 'edit', of: editing })
    else if (replyTo !== undefined) setComposing(conversationId, { kind: 'reply', to: replyTo })
    else startNew(conversationId)
    // The draft is what the conversation is opened with; from then on it follows.
  }, [conversationId])

  useEffect(() => {
    const now = composingOf(conversationId)
    if (now.kind !== 'edit') {
      if (shown.current === null) return
      shown.current = null
      text.set(asideOf(conversationId))
      setAside(conversationId, '')
      return
    }
    if (shown.current === now.of) return
    if (shown.current === null) setAside(conversationId, text.get())
    shown.current = now.of
    void queryClient.fetchQuery({ ...messageQuery(conversationId, now.of), staleTime: 0 }).then((message) => {
      if (shown.current !== now.of) return
      if (message?.content.kind === 'plain') text.set(message.content.text)
      else startNew(conversationId)
    })
    // `text` is new each time, and always means the same field.
  }, [conversationId, composing])
}

export async function editLast(conversationId: ConversationKey, me: string): Promise<void> {
  const message = await lastOwn(conversationId, me)
  const key = message && messageKeyOf(message)
  if (key !== null) startEdit(conversationId, key)
}
