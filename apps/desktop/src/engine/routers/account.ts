import { ChangePassword, SessionRef } from '@parley/domain/accounts'
import { AccountId, ConversationId } from '@parley/domain/ids'
import { z } from 'zod'
import { procedure, router } from '../trpc.ts'

/** What one does with one's own account while there is a connection. */
export const account = router({
  sessions: procedure.query(({ ctx }) => ctx.api.sessions.list.query()),
  revokeSession: procedure
    .input(SessionRef)
    .mutation(({ ctx, input }) => ctx.api.sessions.revoke.mutate(input)),
  revokeOtherSessions: procedure.mutation(({ ctx }) => ctx.api.sessions.revokeOthers.mutate()),
  changePassword: procedure
    .input(ChangePassword)
    .mutation(({ ctx, input }) => ctx.api.account.changePassword.mutate(input)),
  /** What came of what one asked for has been seen. */
  markJoinRequestSeen: procedure
    .input(z.strictObject({ conversationId: ConversationId }))
    .mutation(({ ctx, input }) => ctx.api.joinRequests.markSeen.mutate(input)),
  markInvitationSeen: procedure
    .input(z.strictObject({ accountId: AccountId }))
    .mutation(({ ctx, input }) => ctx.api.invitations.markSeen.mutate(input)),
})
