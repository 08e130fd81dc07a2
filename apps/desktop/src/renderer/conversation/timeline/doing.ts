import { act, complain } from '../../live/act.ts'
import { engine } from '../../live/clients.ts'
import type { TimelineMessage } from '../../live/queries.ts'
import { notice } from '../../state/notices.ts'
import { messageKeyOf, startEdit, startReply } from '../composing.ts'
import type { Here } from '../here.ts'

// What one does with a message, from wherever: the keyboard, the toolbar, the menu.

const isThere = ({ content, delivery }: TimelineMessage) =>
  content.kind !== 'deleted' && delivery !== 'failed'

export const mayReply = (message: TimelineMessage, here: Here): boolean => isThere(message) && !here.isClosed

export const mayReact = mayReply

export const mayEdit = (message: TimelineMessage, here: Here): boolean =>
  mayReply(message, here) && message.authorId === here.myId && message.content.kind === 'plain'

export const mayDelete = (message: TimelineMessage, here: Here): boolean =>
  mayReply(message, here) && (message.authorId === here.myId || here.mayDeleteOthers)

export const mayLink = ({ id, delivery }: TimelineMessage): boolean => id !== null && delivery === 'confirmed'

export function reply(message: TimelineMessage, here: Here): void {
  const key = messageKeyOf(message)
  if (key !== null && mayReply(message, here)) startReply(here.conversationId, key)
}

export function edit(message: TimelineMessage, here: Here): void {
  const key = messageKeyOf(message)
  if (key !== null && mayEdit(message, here)) startEdit(here.conversationId, key)
}

/** Says so with an emoji, or takes it back. */
export function react(message: TimelineMessage, here: Here, emoji: string): void {
  const messageId = messageKeyOf(message)
  if (messageId === null || here.myId === null || !mayReact(message, here)) return
  const mine = message.reactions.find((each) => each.emoji === emoji)?.accountIds.includes(here.myId)
  void act({
    kind: 'react',
    conversationId: here.conversationId,
    messageId,
    emoji,
    on: mine !== true,
  })
}

export function remove(message: TimelineMessage, here: Here): void {
  const messageId = messageKeyOf(message)
  if (messageId !== null) void act({ kind: 'delete', conversationId: here.conversationId, messageId })
}

export async function copyText({ content }: TimelineMessage): Promise<void> {
  if (content.kind !== 'plain') return
  await navigator.clipboard.writeText(content.text)
  notice({ tone: 'plain', text: 'The text was copied.' })
}

/** As the main process reads it: `parley://open?conversation=…&message=…&server=…`. */
export async function copyLink({ id }: TimelineMessage, here: Here): Promise<void> {
  if (id === null) return
  const state = await engine.app.state.query()
  const parameters = new URLSearchParams({ conversation: here.conversationId, message: String(id) })
  if (state.kind === 'signed-in') parameters.set('server', new URL(state.account.url).origin)
  await navigator.clipboard.writeText(`parley://open?${parameters.toString()}`)
  notice({ tone: 'plain', text: 'The link was copied.' })
}

export async function retryOperations(ids: readonly string[]): Promise<void> {
  try {
    for (const id of ids) await engine.outbox.retry.mutate({ id })
  } catch (error) {
    complain(error)
  }
}
