import { getMe, updateProfile } from '@parley/chat/accounts/profile'
import { changePassword, signIn } from '@parley/chat/accounts/sign-in'
import { signOut } from '@parley/chat/accounts/sessions'
import { signUp } from '@parley/chat/accounts/sign-up'
import { ChangePassword, SignIn, SignUp, UpdateProfile } from '@parley/domain/accounts'
import { openProcedure, procedure, router } from '../trpc.ts'

export const account = router({
  signUp: openProcedure
    .input(SignUp)
    .mutation(({ ctx, input }) => signUp(ctx.services.chat, ctx.caller, input)),
  signIn: openProcedure
    .input(SignIn)
    .mutation(({ ctx, input }) => signIn(ctx.services.chat, ctx.caller, input)),
  signOut: procedure.mutation(({ ctx }) => signOut(ctx.chat, ctx.actor)),
  me: procedure.query(({ ctx }) => getMe(ctx.chat, ctx.actor)),
  updateProfile: procedure
    .input(UpdateProfile)
    .mutation(({ ctx, input }) => updateProfile(ctx.chat, ctx.actor, input)),
  changePassword: procedure
    .input(ChangePassword)
    .mutation(({ ctx, input }) => changePassword(ctx.chat, ctx.actor, input)),
})
