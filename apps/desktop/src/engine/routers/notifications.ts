import { ConversationId, Timestamp } from '@parley/domain/ids'
import { ConversationKey, NotificationLevel } from '@parley/sync/actions'
import { z } from 'zod'
import { openProcedure, procedure, router } from '../trpc.ts'

/** What of an account a person is told of on this device. */
export const notifications = router({
  /** Milliseconds since 1970; null when the person may be disturbed. */
  doNotDisturbUntil: procedure.query(({ ctx }) => ctx.engine.doNotDisturbUntil()),
  setDoNotDisturb: procedure
    .input(z.strictObject({ until: Timestamp.nullable() }))
    .mutation(({ ctx, input }) => ctx.engine.setDoNotDisturb(input.until)),
  /** Where nothing else was chosen for a conversation. */
  usualLevels: procedure.query(({ ctx }) => ctx.engine.usualLevels()),
  setUsualLevel: procedure
    .input(z.strictObject({ kind: z.enum(['direct', 'group']), level: NotificationLevel }))
    .mutation(({ ctx, input }) => ctx.engine.setUsualLevel(input.kind, input.level)),
  /** Null for what is usual for the kind of conversation. */
  setLevel: procedure
    .input(
      z.strictObject({
        conversationId: ConversationId,
        level: NotificationLevel.nullable(),
      }),
    )
    .mutation(({ ctx, input }) => ctx.engine.setNotificationLevel(input.conversationId, input.level)),
  /** The page shows this conversation: of what comes in it a person who looks need not be told. */
  lookAt: openProcedure
    .input(z.strictObject({ conversationId: ConversationKey.nullable() }))
    .mutation(({ ctx, input }) => {
      ctx.host.lookedAt = input.conversationId
    }),
})
