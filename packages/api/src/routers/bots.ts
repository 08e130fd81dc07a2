import { disableBot, listBots, listBotSessions, makeBot, makeBotToken } from '@parley/chat/accounts/bots'
import { AccountRef, MakeBot, MakeBotToken } from '@parley/domain/accounts'
import { procedure, router } from '../trpc.ts'

export const bots = router({
  make: procedure.input(MakeBot).mutation(({ ctx, input }) => makeBot(ctx.chat, ctx.actor, input)),
  list: procedure.query(({ ctx }) => listBots(ctx.chat, ctx.actor)),
  makeToken: procedure
    .input(MakeBotToken)
    .mutation(({ ctx, input }) => makeBotToken(ctx.chat, ctx.actor, input)),
  sessions: procedure
    .input(AccountRef)
    .query(({ ctx, input }) => listBotSessions(ctx.chat, ctx.actor, input.accountId)),
  disable: procedure
    .input(AccountRef)
    .mutation(({ ctx, input }) => disableBot(ctx.chat, ctx.actor, input.accountId)),
})
