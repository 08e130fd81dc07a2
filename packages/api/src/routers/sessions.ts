import { listSessions, revokeOtherSessions, revokeSession } from '@parley/chat/accounts/sessions'
import { SessionRef } from '@parley/domain/accounts'
import { procedure, router } from '../trpc.ts'

export const sessions = router({
  list: procedure.query(({ ctx }) => listSessions(ctx.chat, ctx.actor)),
  revoke: procedure
    .input(SessionRef)
    .mutation(({ ctx, input }) => revokeSession(ctx.chat, ctx.actor, input.sessionId)),
  revokeOthers: procedure.mutation(({ ctx }) => revokeOtherSessions(ctx.chat, ctx.actor)),
})
