import { z } from 'zod'

export const noticeTitleCharsMax = 200
export const noticeBodyCharsMax = 500

/** A message that asks to be looked at. There is one for each conversation: a later one takes the place of the one before. */
export const Notice = z.strictObject({
  /** The engine's name for the account on this device. */
  account: z.string().min(1).max(100),
  conversationId: z.string().min(1).max(100),
  /** What is opened when it is pressed; null for the conversation as a whole. */
  messageId: z.int().min(1).nullable(),
  title: z.string().max(noticeTitleCharsMax),
  body: z.string().max(noticeBodyCharsMax),
  silent: z.boolean().default(false),
})
export type Notice = z.infer<typeof Notice>

export const WithdrawNotice = Notice.pick({ account: true }).extend({
  conversationId: Notice.shape.conversationId.optional(),
})

export const noticeTag = (notice: { readonly account: string; readonly conversationId: string }): string =>
  `${notice.account}/${notice.conversationId}`
