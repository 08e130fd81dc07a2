import { renameConversation } from '@parley/chat/conversations/change'
import { sendMessage } from '@parley/chat/messages/send'
import { Position } from '@parley/domain/ids'
import { messageTextCharsMax, readerHighWaterBytes } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { farAway, group, live, person, saying, testChat } from './harness.ts'

test.for([
  ['at hand', false],
  ['across a network', true],
] as const)(
  'P4: a reader so slow that the log is pruned before it is told to resync (database %s)',
  async ([, isFar]) => {
    await using testing = await testChat({}, isFar ? farAway : undefined)
    const { chat, db } = testing
    const [ada, ben] = [await person(testing, 'ada'), await person(testing, 'ben')]
    const { id: conversationId } = await group(testing, ada, { members: [ben.accountId] })
    using following = await live(testing, ben, db.head())
    const { sink } = following
    sink.stall()
    const text = 'x'.repeat(messageTextCharsMax)
    for (let sent = 0; sent <= readerHighWaterBytes; sent += text.length) {
      await sendMessage(chat, ada, saying(conversationId, text))
    }
    await sendMessage(chat, ada, saying(conversationId, 'which it is too slow for'))
    const cursor = sink.cursor
    await renameConversation(chat, ada, { conversationId, name: 'Pruned' })
    await db.write((tx) => tx.log.prune(Position.parse(db.head()), 1_000))
    await sendMessage(chat, ada, saying(conversationId, 'after that'))
    const before = sink.events.length
    sink.resume()
    await sink.until(({ ended }) => ended !== null)
    expect(sink.ended).toBe('resync')
    expect(sink.cursor).toBe(cursor)
    expect(sink.events.slice(before)).toEqual([{ kind: 'resync', reason: 'log-too-short' }])
    expect(chat.delivery.stats.readers).toBe(0)
  },
)
