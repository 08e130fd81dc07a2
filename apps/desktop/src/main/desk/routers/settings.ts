import { SettingsChange } from '../../settings/schema.ts'
import { procedure, router, windowProcedure } from '../trpc.ts'

export const settings = router({
  get: procedure.query(({ ctx }) => ctx.services.settings.value),
  set: windowProcedure
    .input(SettingsChange)
    .mutation(({ ctx, input }) => ctx.services.settings.change(input)),
  /** The settings now, and after each change. */
  changes: procedure.subscription(({ ctx, signal }) => ctx.services.settings.watch(signal)),
  spellingLanguages: windowProcedure.query(({ ctx }) => ctx.services.spellingLanguages()),
})
