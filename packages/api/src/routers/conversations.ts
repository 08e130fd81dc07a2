import {
  closeConversation,
  describeConversation,
  leaveConversation,
  renameConversation,
  setJoinPolicy,
} from '@parley/chat/conversations/change'
import { joinConversation } from '@parley/chat/conversations/join'
import { makeGroup, openDirect } from '@parley/chat/conversations/make'
import { addMembers, handOver, listMembers, removeMember, setRole } from '@parley/chat/conversations/members'
import { describeGroup, getMine, listGroups, listMine } from '@parley/chat/conversations/mine'
import {
  AddMembers,
  ConversationRef,
  DescribeConversation,
  JoinConversation,
  ListGroups,
  ListMembers,
  ListMine,
  MakeGroup,
  MemberRef,
  OpenDirect,
  RenameConversation,
  SetJoinPolicy,
  SetRole,
} from '@parley/domain/conversations'
import { procedure, router } from '../trpc.ts'

export const conversations = router({
  makeGroup: procedure.input(MakeGroup).mutation(({ ctx, input }) => makeGroup(ctx.chat, ctx.actor, input)),
  openDirect: procedure
    .input(OpenDirect)
    .mutation(({ ctx, input }) => openDirect(ctx.chat, ctx.actor, input)),
  mine: procedure.input(ListMine).query(({ ctx, input }) => listMine(ctx.chat, ctx.actor, input)),
  get: procedure
    .input(ConversationRef)
    .query(({ ctx, input }) => getMine(ctx.chat, ctx.actor, input.conversationId)),
  listed: procedure.input(ListGroups).query(({ ctx, input }) => listGroups(ctx.chat, ctx.actor, input)),
  about: procedure
    .input(ConversationRef)
    .query(({ ctx, input }) => describeGroup(ctx.chat, input.conversationId)),
  rename: procedure
    .input(RenameConversation)
    .mutation(({ ctx, input }) => renameConversation(ctx.chat, ctx.actor, input)),
  describe: procedure
    .input(DescribeConversation)
    .mutation(({ ctx, input }) => describeConversation(ctx.chat, ctx.actor, input)),
  setJoinPolicy: procedure
    .input(SetJoinPolicy)
    .mutation(({ ctx, input }) => setJoinPolicy(ctx.chat, ctx.actor, input)),
  close: procedure
    .input(ConversationRef)
    .mutation(({ ctx, input }) => closeConversation(ctx.chat, ctx.actor, input.conversationId)),
  join: procedure
    .input(JoinConversation)
    .mutation(({ ctx, input }) => joinConversation(ctx.chat, ctx.actor, input)),
  leave: procedure
    .input(ConversationRef)
    .mutation(({ ctx, input }) => leaveConversation(ctx.chat, ctx.actor, input.conversationId)),
  members: procedure.input(ListMembers).query(({ ctx, input }) => listMembers(ctx.chat, ctx.actor, input)),
  addMembers: procedure
    .input(AddMembers)
    .mutation(({ ctx, input }) => addMembers(ctx.chat, ctx.actor, input)),
  removeMember: procedure
    .input(MemberRef)
    .mutation(({ ctx, input }) => removeMember(ctx.chat, ctx.actor, input)),
  setRole: procedure.input(SetRole).mutation(({ ctx, input }) => setRole(ctx.chat, ctx.actor, input)),
  handOver: procedure.input(MemberRef).mutation(({ ctx, input }) => handOver(ctx.chat, ctx.actor, input)),
})
