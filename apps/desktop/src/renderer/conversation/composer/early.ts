import { useEffect, useMemo } from 'react'
import { create } from 'zustand'
import { queryClient } from '../../live/live.ts'
import {
  type ConversationKey,
  type Draft,
  type Me,
  meQuery,
  type TimelineMessage,
} from '../../live/queries.ts'
import { type Composing, messageKeyOf } from '../composing.ts'
import type { Shown } from '../timeline/shown.ts'
import { messageQuery } from './message-of.ts'

type Messages = readonly TimelineMessage[]
type OperationId = NonNullable<TimelineMessage['operationId']>

/** What was written here and is on its way to the engine, for the moment until the engine shows it itself. */
const useEarly = create<{ readonly byConversation: Readonly<Record<string, Messages>> }>(() => ({
  byConversation: {},
}))

const none: Messages = []
const change = (id: ConversationKey, changed: (messages: Messages) => Messages) =>
  useEarly.setState(({ byConversation }) => ({
    byConversation: { ...byConversation, [id]: changed(byConversation[id] ?? none) },
  }))

export const showEarly = (id: ConversationKey, message: TimelineMessage): void =>
  change(id, (messages) => [...messages, message])

export const dropEarly = (id: ConversationKey, key: string): void =>
  change(id, (messages) =>
    messages.some((each) => each.key === key) ? messages.filter((each) => each.key !== key) : messages,
  )

/** What is shown of a conversation, with what is on its way to the engine at its end. */
export function useWithEarly(id: ConversationKey, shown: Shown): Shown {
  const early = useEarly((state) => state.byConversation[id] ?? none)
  const { items, ready, newer } = shown
  const missing = useMemo(() => {
    if (early.length === 0) return none
    const keys = new Set(items.map(({ key }) => key))
    return early.filter(({ key }) => !keys.has(key))
  }, [early, items])
  useEffect(() => {
    for (const message of early) if (!missing.includes(message)) dropEarly(id, message.key)
  }, [id, early, missing])
  return useMemo(
    () =>
      missing.length > 0 && ready && newer === 'none' ? { ...shown, items: [...items, ...missing] } : shown,
    [shown, items, ready, newer, missing],
  )
}

interface Written {
  readonly conversationId: ConversationKey
  readonly operationId: string
  readonly text: string
  readonly composing: Composing
  readonly mentions: TimelineMessage['mentions']
  readonly mentionsEveryone: boolean
  readonly files: Draft['attachments']
}

const isOperationId = (id: string): id is OperationId => /^[\x21-\x7e]{1,64}$/.test(id)

/** The message as the engine will show it, under the same key; null before it is known who oneself is. */
export function earlyMessage(written: Written): TimelineMessage | null {
  const me: Me | null | undefined = queryClient.getQueryData(meQuery.queryKey)
  const { operationId, composing, conversationId, mentions, mentionsEveryone, files } = written
  if (!me || !isOperationId(operationId)) return null
  const to = composing.kind === 'reply' ? composing.to : null
  const quoted = to === null ? null : queryClient.getQueryData(messageQuery(conversationId, to).queryKey)
  return {
    key: `${me.id} ${operationId}`,
    id: null,
    operationId,
    delivery: 'sending',
    problem: null,
    authorId: me.id,
    sentAt: Date.now(),
    ordinal: null,
    content: { kind: 'plain', text: written.text },
    sealed: false,
    replyTo: quoted ? messageKeyOf(quoted) : to,
    repliedTo:
      quoted && quoted.id !== null
        ? { id: quoted.id, authorId: quoted.authorId, content: quoted.content }
        : null,
    mentions,
    mentionsEveryone,
    mentionsMe: false,
    attachments: files.map(({ id, name, mediaType, bytes }) => ({
      id,
      name,
      mediaType,
      bytes,
      sentBytes: 0,
      held: true,
    })),
    reactions: [],
    editedAt: null,
    pending: [],
    pendingProblem: null,
  }
}
