import { AccountRef, MakeBot, MakeBotToken } from '@parley/domain/accounts'
import { procedure, router } from '../trpc.ts'

export const bots = router({
  list: procedure.query(({ ctx }) => ctx.api.bots.list.query()),
  make: procedure.input(MakeBot).mutation(({ ctx, input }) => ctx.api.bots.make.mutate(input)),
  makeToken: procedure.input(MakeBotToken).mutation(({ ctx, input }) => ctx.api.bots.makeToken.mutate(input)),
  sessions: procedure.input(AccountRef).query(({ ctx, input }) => ctx.api.bots.sessions.query(input)),
  disable: procedure.input(AccountRef).mutation(({ ctx, input }) => ctx.api.bots.disable.mutate(input)),
})
