import { ListGroups } from '@parley/domain/conversations'
import { AccountId, ConversationId } from '@parley/domain/ids'
import { ConversationKey } from '@parley/sync/actions'
import { z } from 'zod'
import { sharedGroups } from '../shared-groups.ts'
import { procedure, router } from '../trpc.ts'

const Held = z.strictObject({ id: ConversationKey })
const Named = z.strictObject({ id: ConversationId })

export const conversations = router({
  list: procedure.query(({ ctx }) => ctx.engine.conversations()),
  get: procedure.input(Held).query(({ ctx, input }) => ctx.engine.conversation(input.id)),
  members: procedure.input(Held).query(({ ctx, input }) => ctx.engine.members(input.id)),
  /** Brings all members from the server once. */
  loadMembers: procedure.input(Named).mutation(({ ctx, input }) => ctx.engine.loadMembers(input.id)),
  typing: procedure.input(Held).query(({ ctx, input }) => ctx.engine.typing(input.id)),
  sayTyping: procedure.input(Held).mutation(({ ctx, input }) => ctx.engine.sayTyping(input.id)),
  /** Join requests and invitations, as things to answer. */
  requests: procedure.query(({ ctx }) => ctx.engine.requests()),
  /** The groups that one is in together with somebody. */
  sharedWith: procedure
    .input(z.strictObject({ accountId: AccountId }))
    .query(({ ctx, input }) => sharedGroups(ctx.engine, input.accountId)),
  /** Groups that can be found, asked of the server. */
  listed: procedure.input(ListGroups).query(({ ctx, input }) => ctx.api.conversations.listed.query(input)),
  /** A group that one is not in, by its id. */
  about: procedure
    .input(Named)
    .query(({ ctx, input }) => ctx.api.conversations.about.query({ conversationId: input.id })),
})
