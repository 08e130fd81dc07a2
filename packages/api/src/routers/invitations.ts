import {
  acceptInvitation,
  declineInvitation,
  markInvitationSeen,
  sendInvitation,
  withdrawInvitation,
} from '@parley/chat/conversations/invitations'
import { AccountRef } from '@parley/domain/accounts'
import { AnswerInvitation, SendInvitation } from '@parley/domain/conversations'
import { procedure, router } from '../trpc.ts'

export const invitations = router({
  send: procedure
    .input(SendInvitation)
    .mutation(({ ctx, input }) => sendInvitation(ctx.chat, ctx.actor, input)),
  withdraw: procedure
    .input(AccountRef)
    .mutation(({ ctx, input }) => withdrawInvitation(ctx.chat, ctx.actor, input.accountId)),
  /** The answer to what one sent has been shown. */
  markSeen: procedure
    .input(AccountRef)
    .mutation(({ ctx, input }) => markInvitationSeen(ctx.chat, ctx.actor, input.accountId)),
  accept: procedure
    .input(AnswerInvitation)
    .mutation(({ ctx, input }) => acceptInvitation(ctx.chat, ctx.actor, input.fromId)),
  decline: procedure
    .input(AnswerInvitation)
    .mutation(({ ctx, input }) => declineInvitation(ctx.chat, ctx.actor, input.fromId)),
})
