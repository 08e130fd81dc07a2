import type { AttachmentRow } from '@parley/db/stores'
import type { AccountId, AttachmentId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Chat } from '../chat.ts'

/** The same answer whether it does not exist or is none of the asker's: ids are not to be probed. */
export const noSuchAttachment = () => new Refusal('not-found', 'There is no such attachment for you.')

/** Its owner may have it, and whoever is in a conversation where a message carries it. @throws Refusal `not-found` */
export async function getAttachment(
  chat: Chat,
  accountId: AccountId,
  id: AttachmentId,
): Promise<AttachmentRow> {
  const attachment = await chat.db.read.attachments.get(id)
  if (!attachment || !(await chat.db.read.attachments.mayRead(id, accountId))) throw noSuchAttachment()
  return attachment
}

/** Null when it is another's or there is none. */
export async function ownAttachment(
  chat: Chat,
  accountId: AccountId,
  id: AttachmentId,
): Promise<AttachmentRow | null> {
  const attachment = await chat.db.read.attachments.get(id)
  return attachment?.ownerId === accountId ? attachment : null
}
