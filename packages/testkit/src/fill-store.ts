import type { LongHistory } from './long-history.ts'
import { fresh } from '@parley/sync/sync/take'
import { heldConversation, putConversation } from '@parley/sync/store/conversations'
import { putMessage } from '@parley/sync/store/messages'
import { mergeWords } from '@parley/sync/store/search'
import { Store } from '@parley/sync/store/store'
import { Topics } from '@parley/sync/topics'

const messagesPerTransaction = 20_000
const pagesPerTransaction = 20_000

/**
 * Makes a store that holds a whole history, all read, in fewer and larger steps than an engine takes: it is what is
 * measured against, and not what is measured.
 */
export async function fillStore(path: string, key: Uint8Array, history: LongHistory): Promise<void> {
  const { messages: last } = history.options
  const { me, conversations, logId } = await history.serverUpTo(last).snapshot()
  using store = new Store(path, key, new Topics())
  const { connection } = store
  // A machine that fails meanwhile makes it anew.
  connection.pragma('synchronous = 0')
  store.write(() => {
    store.putMe(me)
    store.putStanding({ cursor: last, logId, snapshot: 1, whole: true, peopleHeld: true })
    for (const { conversation, role, memberCount } of conversations) {
      putConversation(connection, { ...fresh(1), conversation, role, memberCount, grant: null, filled: 1 })
    }
  })
  const ends = new Map<string, ReturnType<LongHistory['message']>>()
  for (let first = 1; first <= last; first += messagesPerTransaction) {
    store.write(() => {
      for (let at = first; at <= Math.min(last, first + messagesPerTransaction - 1); at += 1) {
        const message = history.message(at)
        putMessage(connection, message, me.id)
        ends.set(message.conversationId, message)
      }
      mergeWords(connection, pagesPerTransaction)
    })
  }
  store.write(() => {
    for (const { conversationId, id, ordinal } of ends.values()) {
      const held = heldConversation(connection, conversationId)
      if (!held) continue
      const end = { lastMessageId: id, lastOrdinal: ordinal, readUpTo: id, readOrdinal: ordinal }
      putConversation(connection, { ...held, ...end })
    }
  })
}
