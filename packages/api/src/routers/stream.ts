import { takeSnapshot } from '@parley/chat/conversations/mine'
import { Follow, type StreamEvent } from '@parley/domain/stream'
import { TrackedStream } from '../tracked-stream.ts'
import { procedure, router } from '../trpc.ts'

export const stream = router({
  snapshot: procedure.query(({ ctx }) => takeSnapshot(ctx.chat, ctx.actor)),
  /** Everything that the account may see from the cursor on. The id of each event is the cursor after it. */
  follow: procedure
    .input(Follow)
    .subscription(
      ({ ctx, input }) => new TrackedStream<StreamEvent>(ctx.chat.delivery.follow(ctx.actor, input)),
    ),
})
