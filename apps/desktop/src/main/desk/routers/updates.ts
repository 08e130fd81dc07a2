import { router, windowProcedure } from '../trpc.ts'

export const updates = router({
  state: windowProcedure.query(({ ctx }) => ctx.services.updates.state.value),
  /** The state now, and after each change. */
  changes: windowProcedure.subscription(({ ctx, signal }) => ctx.services.updates.state.watch(signal)),
  check: windowProcedure.mutation(({ ctx }) => ctx.services.updates.check()),
  install: windowProcedure.mutation(({ ctx }) => ctx.services.updates.install()),
})
