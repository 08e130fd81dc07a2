import { deleteMessage, editMessage, react } from '@parley/chat/messages/change'
import { getHistory, getMessage, messageAtTime, searchMessages } from '@parley/chat/messages/history'
import { markRead, sayTyping } from '@parley/chat/messages/reading'
import { sendMessage } from '@parley/chat/messages/send'
import {
  EditMessage,
  HistoryPage,
  MarkRead,
  MessageAtTime,
  MessageRef,
  React,
  SearchMessages,
  SendMessage,
  Typing,
} from '@parley/domain/messages'
import { procedure, router } from '../trpc.ts'

export const messages = router({
  send: procedure.input(SendMessage).mutation(({ ctx, input }) => sendMessage(ctx.chat, ctx.actor, input)),
  edit: procedure.input(EditMessage).mutation(({ ctx, input }) => editMessage(ctx.chat, ctx.actor, input)),
  delete: procedure.input(MessageRef).mutation(({ ctx, input }) => deleteMessage(ctx.chat, ctx.actor, input)),
  react: procedure.input(React).mutation(({ ctx, input }) => react(ctx.chat, ctx.actor, input)),
  page: procedure.input(HistoryPage).query(({ ctx, input }) => getHistory(ctx.chat, ctx.actor, input)),
  get: procedure.input(MessageRef).query(({ ctx, input }) => getMessage(ctx.chat, ctx.actor, input)),
  atTime: procedure.input(MessageAtTime).query(({ ctx, input }) => messageAtTime(ctx.chat, ctx.actor, input)),
  search: procedure
    .input(SearchMessages)
    .query(({ ctx, input }) => searchMessages(ctx.chat, ctx.actor, input)),
  markRead: procedure.input(MarkRead).mutation(({ ctx, input }) => markRead(ctx.chat, ctx.actor, input)),
  typing: procedure
    .input(Typing)
    .mutation(({ ctx, input }) => sayTyping(ctx.chat, ctx.actor, input.conversationId)),
})
