import { z } from 'zod'
import { procedure, router } from '../trpc.ts'

/** What an account takes up on this device. */
export const storage = router({
  use: procedure.query(({ ctx }) => ctx.engine.storage()),
  keepEverything: procedure
    .input(z.strictObject({ on: z.boolean() }))
    .mutation(({ ctx, input }) => ctx.engine.keepEverything(input.on)),
  /** Drops the copies of attachments; they come again when they are looked at. */
  clearCache: procedure.mutation(({ ctx }) => ctx.engine.clearAttachmentCache()),
})
