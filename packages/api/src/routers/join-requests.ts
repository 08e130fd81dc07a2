import {
  approveJoin,
  askToJoin,
  cancelJoinRequest,
  declineJoin,
  listJoinRequests,
  markJoinRequestSeen,
} from '@parley/chat/conversations/join-requests'
import { listRequests } from '@parley/chat/conversations/mine'
import { ApproveJoin, AskToJoin, ConversationRef, MemberRef } from '@parley/domain/conversations'
import { procedure, router } from '../trpc.ts'

export const joinRequests = router({
  ask: procedure.input(AskToJoin).mutation(({ ctx, input }) => askToJoin(ctx.chat, ctx.actor, input)),
  cancel: procedure
    .input(ConversationRef)
    .mutation(({ ctx, input }) => cancelJoinRequest(ctx.chat, ctx.actor, input.conversationId)),
  list: procedure
    .input(ConversationRef)
    .query(({ ctx, input }) => listJoinRequests(ctx.chat, ctx.actor, input.conversationId)),
  approve: procedure.input(ApproveJoin).mutation(({ ctx, input }) => approveJoin(ctx.chat, ctx.actor, input)),
  decline: procedure.input(MemberRef).mutation(({ ctx, input }) => declineJoin(ctx.chat, ctx.actor, input)),
  /** The answer to what one asked for has been shown. */
  markSeen: procedure
    .input(ConversationRef)
    .mutation(({ ctx, input }) => markJoinRequestSeen(ctx.chat, ctx.actor, input.conversationId)),
  /** Everything that waits for the account, and what became of what it asked: join requests and invitations. */
  all: procedure.query(({ ctx }) => listRequests(ctx.chat, ctx.chat.db.read, ctx.actor.accountId)),
})
