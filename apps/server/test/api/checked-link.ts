import type { AppRouter } from '@parley/api/root'
import { TRPCClientError, type TRPCLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { z } from 'zod'
import { answerOf } from './answers.ts'

/** A tracked event as the stock client hands it on. */
const Tracked = z.strictObject({ id: z.string().regex(/^\d+$/), data: z.unknown() })

/** Fails every call whose answer is not what its schema says. Stands before the link that goes over the wire. */
export const checkedLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next(answer) {
          const { result } = answer
          if (result.type === undefined || result.type === 'data') {
            const said = op.type === 'subscription' ? Tracked.parse(result.data).data : result.data
            const parsed = answerOf(op.path).safeParse(said)
            if (!parsed.success) {
              const reason = `${op.path} answered ${JSON.stringify(said)}: ${z.prettifyError(parsed.error)}`
              observer.error(TRPCClientError.from(new Error(reason)))
              return
            }
          }
          observer.next(answer)
        },
        error: (error) => observer.error(error),
        complete: () => observer.complete(),
      }),
    )
