import { z } from 'zod'
import { engineProcedure, procedure, router } from '../trpc.ts'

const secretBytesMax = 4 * 1024
const Bytes = z.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length > 0 && value.length <= secretBytesMax,
  `must be 1 to ${secretBytesMax} bytes`,
)

export const keys = router({
  protection: procedure.query(({ ctx }) => ctx.services.keyring.protection()),
  protect: engineProcedure
    .input(z.strictObject({ secret: Bytes }))
    .mutation(({ ctx, input }) => ctx.services.keyring.protect(input.secret)),
  unprotect: engineProcedure
    .input(z.strictObject({ wrapped: Bytes }))
    .mutation(({ ctx, input }) => ctx.services.keyring.unprotect(input.wrapped)),
})
