import { AccountId } from '@parley/domain/ids'
import { z } from 'zod'
import { procedure, router } from '../trpc.ts'

export const people = router({
  me: procedure.query(({ ctx }) => ctx.engine.me()),
  list: procedure.query(({ ctx }) => ctx.engine.people()),
  get: procedure
    .input(z.strictObject({ id: AccountId }))
    .query(({ ctx, input }) => ctx.engine.person(input.id)),
})
