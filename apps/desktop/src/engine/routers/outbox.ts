import { Action, OperationId } from '@parley/sync/actions'
import { z } from 'zod'
import { procedure, router } from '../trpc.ts'

const One = z.strictObject({ id: OperationId })

export const outbox = router({
  list: procedure.query(({ ctx }) => ctx.engine.outbox()),
  /** Does what a person wants: on disk when this answers, and sent when that is possible. */
  act: procedure
    .input(z.strictObject({ action: Action, id: OperationId.optional() }))
    .mutation(({ ctx, input }) => ctx.engine.act(input.action, input.id)),
  retry: procedure.input(One).mutation(({ ctx, input }) => ctx.engine.retry(input.id)),
  /** Answers false when it is too late. */
  undo: procedure.input(One).mutation(({ ctx, input }) => ctx.engine.undo(input.id)),
})
