import { refusalKinds } from '@parley/domain/refusal'
import { TRPCClientError } from '@trpc/client'
import { z } from 'zod'

const Shape = z.object({
  data: z.object({ refusal: z.object({ kind: z.enum(refusalKinds), cause: z.string().optional() }) }),
})

/** The kind with which a call is refused, with its cause where there is one; `done` when it is not. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error
    const { kind, cause } = Shape.parse(error.shape).data.refusal
    return cause === undefined ? kind : `${kind} ${cause}`
  }
}
