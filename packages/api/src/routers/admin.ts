import { listInviteLinks, makeInviteLink, removeInviteLink } from '@parley/chat/accounts/invite-links'
import { listAccounts, makeAccount, resetPassword, setDisabled } from '@parley/chat/accounts/operator'
import {
  InviteLinkRef,
  ListAccounts,
  MakeAccount,
  MakeInviteLink,
  ResetPassword,
  SetDisabled,
} from '@parley/domain/accounts'
import { operatorProcedure, router } from '../trpc.ts'

export const admin = router({
  makeAccount: operatorProcedure
    .input(MakeAccount)
    .mutation(({ ctx, input }) => makeAccount(ctx.chat, input)),
  accounts: operatorProcedure.input(ListAccounts).query(({ ctx, input }) => listAccounts(ctx.chat, input)),
  resetPassword: operatorProcedure
    .input(ResetPassword)
    .mutation(({ ctx, input }) => resetPassword(ctx.chat, input)),
  setDisabled: operatorProcedure
    .input(SetDisabled)
    .mutation(({ ctx, input }) => setDisabled(ctx.chat, input)),
  makeInviteLink: operatorProcedure
    .input(MakeInviteLink)
    .mutation(({ ctx, input }) => makeInviteLink(ctx.chat, input)),
  inviteLinks: operatorProcedure.query(({ ctx }) => listInviteLinks(ctx.chat)),
  removeInviteLink: operatorProcedure
    .input(InviteLinkRef)
    .mutation(({ ctx, input }) => removeInviteLink(ctx.chat, input.inviteLinkId)),
})
