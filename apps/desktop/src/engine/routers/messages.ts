import { AccountId, ConversationId, MessageId, Timestamp } from '@parley/domain/ids'
import { asksServerSetting } from '@parley/sync/queries/everywhere'
import { ConversationKey, MessageKey } from '@parley/sync/actions'
import { draftCharsMax, windowItemsMax } from '@parley/sync/limits'
import { z } from 'zod'
import { procedure, router } from '../trpc.ts'

const Near = z.strictObject({ kind: z.enum(['around', 'before', 'after']), messageId: MessageId })
const Newest = z.strictObject({ kind: z.literal('newest') })
const FirstUnread = z.strictObject({ kind: z.literal('first-unread') })

const Search = z.strictObject({
  words: z.string().min(1).max(500),
  conversationId: ConversationId.optional(),
  authorId: AccountId.optional(),
  sentAfter: Timestamp.optional(),
  sentBefore: Timestamp.optional(),
  before: MessageId.optional(),
})

const Draft = z.strictObject({
  text: z.string().max(draftCharsMax),
  replyTo: MessageKey.optional(),
  editing: MessageKey.optional(),
  aside: z.string().max(draftCharsMax).optional(),
})

export const messages = router({
  timeline: procedure
    .input(
      z.strictObject({
        conversationId: ConversationKey,
        at: z.union([Newest, FirstUnread, Near]),
        limit: z.int().min(1).max(windowItemsMax).optional(),
      }),
    )
    .query(({ ctx, input }) => ctx.engine.timeline(input)),
  /** Brings a page from the server; the timeline changes when it has come. */
  fill: procedure
    .input(z.strictObject({ conversationId: ConversationId, at: z.union([Newest, Near]) }))
    .mutation(({ ctx, input }) => ctx.engine.fill(input.conversationId, input.at)),
  /** The first message sent at or after a time, brought with its surroundings. */
  fillAtTime: procedure
    .input(z.strictObject({ conversationId: ConversationId, at: Timestamp }))
    .mutation(({ ctx, input }) => ctx.engine.fillAtTime(input.conversationId, input.at)),
  draft: procedure
    .input(z.strictObject({ conversationId: ConversationKey }))
    .query(({ ctx, input }) => ctx.engine.draft(input.conversationId)),
  saveDraft: procedure
    .input(z.strictObject({ conversationId: ConversationKey, draft: Draft.nullable() }))
    .mutation(({ ctx, input }) => ctx.engine.saveDraft(input.conversationId, input.draft)),
  search: procedure.input(Search).query(({ ctx, input }) => ctx.engine.search(input)),
  /** A page of what is held at once, then of that with what the server finds. */
  searchEverywhere: procedure
    .input(Search)
    .subscription(({ ctx, input }) => ctx.engine.searchEverywhere(input)),
  /** Whether words that are looked for everywhere go to the server, and whether the person said so. */
  searchReach: procedure.query(({ ctx }) => ctx.engine.searchReach()),
  setSearchReach: procedure
    .input(z.strictObject({ asksServer: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.engine.setSetting(asksServerSetting, input.asksServer)),
})
