import { z } from 'zod'
import { Notice, WithdrawNotice } from '../notices.ts'
import { engineProcedure, router } from '../trpc.ts'

const unreadMax = 1_000_000

export const notices = router({
  show: engineProcedure.input(Notice).mutation(({ ctx, input }) => ctx.services.notices.show(input)),
  /** It was read here or elsewhere. */
  withdraw: engineProcedure
    .input(WithdrawNotice)
    .mutation(({ ctx, input }) => ctx.services.notices.withdraw(input)),
  /** How many messages were not read: the badge, and the dot of the tray. */
  badge: engineProcedure
    .input(z.strictObject({ unread: z.int().min(0).max(unreadMax) }))
    .mutation(({ ctx, input }) => ctx.services.setUnread(input.unread)),
  /** Asks the person for a look, until there is one. */
  askAttention: engineProcedure.mutation(({ ctx }) => ctx.services.askAttention()),
  /** Whether the window is looked at, now and after each change. */
  attention: engineProcedure.subscription(({ ctx, signal }) => ctx.services.attention.watch(signal)),
})
