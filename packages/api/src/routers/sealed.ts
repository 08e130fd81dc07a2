import { appendToChain } from '@parley/chat/sealed/append-to-chain'
import { chainHead, readChain } from '@parley/chat/sealed/chains'
import { giveGrants, listKeyRequests, readGrants, requestKeys } from '@parley/chat/sealed/grants'
import { ConversationRef } from '@parley/domain/conversations'
import { AppendToChain, GiveGrants, ReadChain, ReadGrants, RequestKeys } from '@parley/domain/sealed/wire'
import { procedure, router } from '../trpc.ts'

export const sealed = router({
  head: procedure
    .input(ConversationRef)
    .query(({ ctx, input }) => chainHead(ctx.chat, ctx.actor, input.conversationId)),
  chain: procedure.input(ReadChain).query(({ ctx, input }) => readChain(ctx.chat, ctx.actor, input)),
  append: procedure
    .input(AppendToChain)
    .mutation(({ ctx, input }) => appendToChain(ctx.chat, ctx.actor, input)),
  grant: procedure.input(GiveGrants).mutation(({ ctx, input }) => giveGrants(ctx.chat, ctx.actor, input)),
  grants: procedure.input(ReadGrants).query(({ ctx, input }) => readGrants(ctx.chat, ctx.actor, input)),
  requestKeys: procedure
    .input(RequestKeys)
    .mutation(({ ctx, input }) => requestKeys(ctx.chat, ctx.actor, input)),
  keyRequests: procedure
    .input(ConversationRef)
    .query(({ ctx, input }) => listKeyRequests(ctx.chat, ctx.actor, input.conversationId)),
})
