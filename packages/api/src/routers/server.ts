import type { ServerInfo } from '@parley/domain/server'
import { openProcedure, router } from '../trpc.ts'

export const server = router({
  info: openProcedure.query(async ({ ctx }): Promise<ServerInfo> => {
    const { info, chat } = ctx.services
    return { ...info, awaitsOperator: (await chat.db.read.accounts.count()) === 0 }
  }),
})
