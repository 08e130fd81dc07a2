import type { AttachmentId, MessageId } from '@parley/domain/ids'
import type { NewMessage } from '../../stores.ts'
import type { Connection } from '../raw-query.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { mention, messageAttachment } from '../schema/messages.ts'

const insertMention = insertOf(mention, 'on conflict do nothing')
const removeMentions = new RawQuery<[MessageId]>('delete from mention where position = ?')

const insertCarried = insertOf(messageAttachment, 'on conflict do nothing')
const removeCarried = new RawQuery<[MessageId], AttachmentId>(
  'delete from messageAttachment where position = ? returning attachmentId',
  'value',
)
const countCarriers = new RawQuery<[by: number, AttachmentId]>(
  'update attachment set carriers = carriers + ? where id = ?',
)

/** What a message mentions and carries, for as long as it is not deleted. */
export const bindMessage = (connection: Connection, position: MessageId, message: NewMessage): void => {
  if (message.content.kind === 'deleted') return
  const { conversationId, mentions, mentionsEveryone, attachments } = message
  if (mentions) {
    const insert = insertMention.on(connection)
    for (const accountId of mentions) insert.run({ conversationId, accountId, position })
  }
  if (mentionsEveryone) insertMention.on(connection).run({ conversationId, accountId: '*', position })
  if (attachments) {
    for (const { id } of attachments) {
      const { changes } = insertCarried.on(connection).run({ attachmentId: id, position, conversationId })
      if (changes > 0) countCarriers.on(connection).run(1, id)
    }
  }
}

export const unbindMessage = (connection: Connection, position: MessageId): void => {
  removeMentions.on(connection).run(position)
  for (const id of removeCarried.on(connection).all(position)) countCarriers.on(connection).run(-1, id)
}
