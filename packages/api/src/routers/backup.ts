import { getBackup, listBackup, putBackup, settleBackup } from '@parley/chat/sealed/backups'
import { BackupRef, PutBackup, SettleBackup } from '@parley/domain/sealed/wire'
import { procedure, router } from '../trpc.ts'

export const backup = router({
  put: procedure.input(PutBackup).mutation(({ ctx, input }) => putBackup(ctx.chat, ctx.actor, input)),
  parts: procedure.query(({ ctx }) => listBackup(ctx.chat, ctx.actor)),
  get: procedure.input(BackupRef).query(({ ctx, input }) => getBackup(ctx.chat, ctx.actor, input)),
  settle: procedure
    .input(SettleBackup)
    .mutation(({ ctx, input }) => settleBackup(ctx.chat, ctx.actor, input.keyId)),
})
