import {
  InviteLinkRef,
  ListAccounts,
  MakeAccount,
  MakeInviteLink,
  ResetPassword,
  SetDisabled,
} from '@parley/domain/accounts'
import { procedure, router } from '../trpc.ts'

/** What an operator does. The server says no to everybody else. */
export const admin = router({
  accounts: procedure.input(ListAccounts).query(({ ctx, input }) => ctx.api.admin.accounts.query(input)),
  makeAccount: procedure
    .input(MakeAccount)
    .mutation(({ ctx, input }) => ctx.api.admin.makeAccount.mutate(input)),
  resetPassword: procedure
    .input(ResetPassword)
    .mutation(({ ctx, input }) => ctx.api.admin.resetPassword.mutate(input)),
  setDisabled: procedure
    .input(SetDisabled)
    .mutation(({ ctx, input }) => ctx.api.admin.setDisabled.mutate(input)),
  inviteLinks: procedure.query(({ ctx }) => ctx.api.admin.inviteLinks.query()),
  makeInviteLink: procedure
    .input(MakeInviteLink)
    .mutation(({ ctx, input }) => ctx.api.admin.makeInviteLink.mutate(input)),
  removeInviteLink: procedure
    .input(InviteLinkRef)
    .mutation(({ ctx, input }) => ctx.api.admin.removeInviteLink.mutate(input)),
})
