import { overHttp } from '@parley/client/http'
import { signIn, signUp } from '@parley/client/sign-in'
import { SignIn, SignUp } from '@parley/domain/accounts'
import { Refusal } from '@parley/domain/refusal'
import { StartOidc } from '@parley/domain/server'
import { z } from 'zod'
import { signInByProvider } from '../accounts/provider.ts'
import { serverAddress } from '../accounts/server-address.ts'
import { openProcedure, procedure, router } from '../trpc.ts'

const Url = z.string().max(500)
const systems: Readonly<Record<string, string>> = { darwin: 'macOS', linux: 'Linux', win32: 'Windows' }
/** What the server is told of this computer. Its own name is often that of a person, who did not choose to tell it. */
const deviceName = () => `Parley on ${systems[process.platform] ?? process.platform}`

export const servers = router({
  /** What a server says of itself, by the address that a person typed. */
  look: openProcedure.input(z.strictObject({ url: Url })).query(async ({ input }) => {
    const url = serverAddress(input.url)
    return { url, info: await overHttp({ url }).server.info.query() }
  }),
  signIn: openProcedure
    .input(z.strictObject({ url: Url, username: SignIn.shape.username, password: SignIn.shape.password }))
    .mutation(async ({ ctx, input }) => {
      const url = serverAddress(input.url)
      const signedIn = await signIn({ ...input, url, deviceName: deviceName() })
      await ctx.host.arrive({ signedIn, url, serverName: await nameOf(url) })
    }),
  signUp: openProcedure
    .input(z.strictObject({ ...SignUp.omit({ deviceName: true }).shape, url: Url }))
    .mutation(async ({ ctx, input }) => {
      const url = serverAddress(input.url)
      const signedIn = await signUp({ ...input, url, deviceName: deviceName() })
      await ctx.host.arrive({ signedIn, url, serverName: await nameOf(url) })
    }),
  /** Opens the browser, and answers when the person has come back from it. */
  signInByProvider: openProcedure
    .input(z.strictObject({ url: Url, invite: StartOidc.shape.invite }))
    .mutation(async ({ ctx, input, signal }) => {
      const url = serverAddress(input.url)
      const signedIn = await signInByProvider(ctx.host.desk, {
        url,
        invite: input.invite,
        deviceName: deviceName(),
        signal: signal ?? new AbortController().signal,
      })
      await ctx.host.arrive({ signedIn, url, serverName: await nameOf(url) })
    }),
  /** The session has ended: begins another one. What waits in the outbox goes out with it. */
  signInAgain: procedure
    .input(z.strictObject({ password: SignIn.shape.password }))
    .mutation(async ({ ctx, input }) => {
      const { url, username, accountId, serverName } = ctx.account
      const signedIn = await signIn({ url, username, password: input.password, deviceName: deviceName() })
      if (signedIn.account.id !== accountId) {
        throw new Refusal('wrong-credentials', 'This is another account.')
      }
      await ctx.host.arrive({ signedIn, url, serverName })
    }),
})

const nameOf = async (url: string) => (await overHttp({ url }).server.info.query()).name
