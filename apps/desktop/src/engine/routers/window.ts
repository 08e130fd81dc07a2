import { z } from 'zod'
import { procedure, router } from '../trpc.ts'

const settingName = 'window'

/** How the open account's window was left. What is in it is the page's affair; it is kept with the account, in its store. */
export const window = router({
  /** Null before it ever was left. */
  left: procedure.query(({ ctx }): unknown => ctx.engine.getSetting(settingName)),
  /** Of an account that is not open any more nothing is kept: another window is there by then. */
  leave: procedure
    .input(z.strictObject({ account: z.uuid(), state: z.json() }))
    .mutation(({ ctx, input }) => {
      if (ctx.account.key === input.account) ctx.engine.setSetting(settingName, input.state)
    }),
})
