import { z } from 'zod'
import type { HostTopic } from '../host.ts'
import { changesOf } from '../changes.ts'
import { openProcedure, procedure, router } from '../trpc.ts'
import { Passphrase } from '../vault/vault.ts'

export const app = router({
  state: openProcedure.query(({ ctx }) => ctx.host.state),
  /** The accounts of this device, with how many messages are unread in each that is open. */
  accounts: openProcedure.query(({ ctx: { host } }) =>
    host.registry.accounts.map((account) => {
      const open = host.allOpen.find(({ account: { key } }) => key === account.key)
      return { ...account, unread: open?.engine.badge().unread ?? 0 }
    }),
  ),
  /**
   * What has changed, by topic, each once for all that happened together. The first answer is empty: whatever was asked
   * for before it may be out of date.
   */
  changes: openProcedure.subscription(({ ctx, signal }): AsyncIterable<readonly HostTopic[]> =>
    changesOf(ctx.host, signal),
  ),
  unlock: openProcedure
    .input(z.strictObject({ passphrase: z.string().max(1_000) }))
    .mutation(({ ctx, input }) => ctx.host.unlock(input.passphrase)),
  tryAgain: openProcedure.mutation(({ ctx }) => ctx.host.tryAgain()),
  startAnew: openProcedure.mutation(({ ctx }) => ctx.host.startAnew()),
  choosePassphrase: openProcedure
    .input(z.strictObject({ passphrase: Passphrase }))
    .mutation(({ ctx, input }) => ctx.host.choosePassphrase(input.passphrase)),
  changePassphrase: procedure
    .input(z.strictObject({ current: z.string().max(1_000), next: Passphrase }))
    .mutation(({ ctx, input }) => ctx.host.vault.changePassphrase(input.current, input.next)),
  switchTo: openProcedure
    .input(z.strictObject({ key: z.uuid() }))
    .mutation(({ ctx, input }) => ctx.host.switchTo(input.key)),
  signOut: procedure.mutation(({ ctx }) => ctx.host.signOut()),
  connection: procedure.query(({ ctx }) => ctx.engine.connection()),
  retryNow: openProcedure.mutation(({ ctx }) => ctx.host.retryNow()),
})
