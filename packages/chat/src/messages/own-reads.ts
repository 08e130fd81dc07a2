import type { Database } from '@parley/db/stores'
import type { AccountId, ConversationId, MessageId } from '@parley/domain/ids'
import { Batched } from '../batched.ts'
import type { ChatLog } from '../chat.ts'
import type { Clock } from '../clock.ts'

const flushEveryMs = 1_000

/**
 * Whoever writes in a conversation has read it so far. Other devices see the message and know; only the stored
 * marker has to follow, and it does so in batches, which spares every send a write to a row of its own. A crash
 * loses a second of it: those messages count as unread until the next marker.
 */
export class OwnReads {
  readonly #batched: Batched<
    string,
    { accountId: AccountId; conversationId: ConversationId; messageId: MessageId }
  >

  constructor(db: Database, clock: Clock, log: ChatLog) {
    this.#batched = new Batched({
      name: 'own-reads',
      everyMs: flushEveryMs,
      clock,
      log,
      write: (batch) =>
        db.write(async (tx) => {
          for (const { accountId, conversationId, messageId } of batch.values()) {
            // Somebody who wrote a moment ago may be out of the conversation by now.
            if (!(await tx.members.get(conversationId, accountId))) continue
            await tx.members.advanceRead(conversationId, accountId, messageId)
          }
        }),
    })
  }

  sent(accountId: AccountId, conversationId: ConversationId, messageId: MessageId): void {
    this.#batched.set(accountId + conversationId, { accountId, conversationId, messageId })
  }

  /** Before unread counts are shown. */
  flush(): Promise<void> {
    return this.#batched.flush()
  }

  close(): Promise<void> {
    return this.#batched.close()
  }
}
