import { appendToList, readLists } from '@parley/chat/sealed/device-lists'
import { answerLink, linkAnswer, listLinkRequests, requestLink, useDevice } from '@parley/chat/sealed/devices'
import { AnswerLink, AppendToList, DeviceRef, ReadLists, RequestLink } from '@parley/domain/sealed/wire'
import { procedure, router } from '../trpc.ts'

export const devices = router({
  append: procedure
    .input(AppendToList)
    .mutation(({ ctx, input }) => appendToList(ctx.chat, ctx.actor, input)),
  lists: procedure.input(ReadLists).query(({ ctx, input }) => readLists(ctx.chat, input)),
  use: procedure
    .input(DeviceRef)
    .mutation(({ ctx, input }) => useDevice(ctx.chat, ctx.actor, input.deviceId)),
  requestLink: procedure
    .input(RequestLink)
    .mutation(({ ctx, input }) => requestLink(ctx.chat, ctx.actor, input)),
  linkRequests: procedure.query(({ ctx }) => listLinkRequests(ctx.chat, ctx.actor)),
  answerLink: procedure
    .input(AnswerLink)
    .mutation(({ ctx, input }) => answerLink(ctx.chat, ctx.actor, input)),
  linkAnswer: procedure
    .input(DeviceRef)
    .query(({ ctx, input }) => linkAnswer(ctx.chat, ctx.actor, input.deviceId)),
})
