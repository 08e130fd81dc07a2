import type { ConversationId, MessageId } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import type { Api } from '@parley/testkit/people'

/** All messages of a conversation, as its pages have them, oldest first. */
export async function wholeHistory(api: Api, conversationId: ConversationId): Promise<Message[]> {
  const messages: Message[] = []
  for (;;) {
    const after: number = messages.at(-1)?.id ?? 0
    const page = await api.messages.page.query({ conversationId, after, limit: 200 })
    messages.push(...page.messages)
    if (!page.hasNewer) return messages
  }
}

/** What the server said it had taken. */
export interface Acknowledged {
  readonly clientMessageId: string
  readonly messageId: MessageId
  readonly ordinal: number
}

/** What is wrong with a history, given what was acknowledged; nothing when the promises hold. */
export function faultsOf(history: readonly Message[], acknowledged: readonly Acknowledged[]): string[] {
  const faults: string[] = []
  const byClientId = Map.groupBy(history, (message) => message.clientMessageId as string)
  for (const [clientMessageId, messages] of byClientId) {
    if (messages.length > 1) faults.push(`P2: ${clientMessageId} is there ${messages.length} times`)
  }
  for (const { clientMessageId, messageId, ordinal } of acknowledged) {
    const [message] = byClientId.get(clientMessageId) ?? []
    if (!message) faults.push(`P1: ${clientMessageId} was acknowledged as ${messageId} and is lost`)
    else if (message.id !== messageId || message.ordinal !== ordinal) {
      faults.push(`P2: ${clientMessageId} was acknowledged as ${messageId} and is ${message.id}`)
    }
  }
  for (const [index, message] of history.entries()) {
    if (message.ordinal !== index + 1)
      faults.push(`P3: message ${index + 1} has the ordinal ${message.ordinal}`)
  }
  return faults
}
