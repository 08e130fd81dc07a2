import { z } from 'zod'
import { engineProcedure, router, windowProcedure } from '../trpc.ts'

const fileNameCharsMax = 255

export const files = router({
  /** Lets the person choose files to read. */
  pick: windowProcedure.mutation(({ ctx }) => ctx.services.files.pick()),
  /** Lets the person choose where something is saved. */
  save: windowProcedure
    .input(z.strictObject({ suggestedName: z.string().min(1).max(fileNameCharsMax) }))
    .mutation(({ ctx, input }) => ctx.services.files.save(input.suggestedName)),
  /** Lets the person choose where the page goes as it is printed, as a PDF; answers by the name of the file. */
  print: windowProcedure
    .input(z.strictObject({ suggestedName: z.string().min(1).max(fileNameCharsMax) }))
    .mutation(({ ctx, input }) => ctx.services.printToFile(input.suggestedName)),
  /** The path behind a handle, once. */
  claim: engineProcedure
    .input(z.strictObject({ handle: z.uuid() }))
    .mutation(({ ctx, input }) => ctx.services.files.claim(input.handle)),
})
