import { signInByBridge } from '@parley/chat/identity/bridge'
import { Refusal } from '@parley/domain/refusal'
import { BridgeSignIn } from '@parley/domain/server'
import { openProcedure, router } from '../trpc.ts'

export const bridge = router({
  signIn: openProcedure.input(BridgeSignIn).mutation(({ ctx, input }) => {
    const { bridge: host, chat } = ctx.services
    if (!host) throw new Refusal('not-found', 'This server stands beside no other application.')
    return signInByBridge(chat, host, ctx.caller, input)
  }),
})
