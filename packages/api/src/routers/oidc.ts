import { finishOidc, startOidc } from '@parley/chat/identity/oidc'
import { Refusal } from '@parley/domain/refusal'
import { FinishOidc, StartOidc } from '@parley/domain/server'
import type { Services } from '../context.ts'
import { openProcedure, router } from '../trpc.ts'

const configured = ({ oidc }: Services) => {
  if (!oidc) throw new Refusal('not-found', 'This server offers no sign-in through an identity provider.')
  return oidc
}

export const oidc = router({
  start: openProcedure
    .input(StartOidc)
    .mutation(({ ctx, input }) => startOidc(ctx.services.chat, configured(ctx.services), ctx.caller, input)),
  finish: openProcedure
    .input(FinishOidc)
    .mutation(({ ctx, input }) => finishOidc(ctx.services.chat, configured(ctx.services), ctx.caller, input)),
})
