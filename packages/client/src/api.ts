import type { AppRouter } from '@parley/api/root'
import { type TRPCClient, type TRPCLink, createTRPCClient } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import type { Connection } from './connection/connection.ts'
import { ParleyError } from './parley-error.ts'
import { errorOfCall } from './wire-errors.ts'

/** Every query and mutation of a Parley server. The stream is followed by `follow`, which resumes by itself. */
export type Api = Omit<TRPCClient<AppRouter>, 'stream'> & {
  readonly stream: Pick<TRPCClient<AppRouter>['stream'], 'snapshot'>
}

/** In the context of a call that waits for the connection as long as that takes. */
export const patientContext = { patient: true } as const

/**
 * Ends a chain of tRPC's links at our own connection. tRPC's `wsLink` is not used since it takes no news of an ended
 * session (it would knock for ever), puts all calls of a turn into one batch, which the server refuses when it is a
 * long one, opens its next socket to a server that is just stopping, and keeps its own time.
 */
function connectionLink(connection: Connection): TRPCLink<AppRouter> {
  return () =>
    ({ op: { type, path, input, signal, context } }) =>
      observable((observer) => {
        if (type === 'subscription') {
          observer.error(new ParleyError('not-understood', 'Subscriptions are read by follow().'))
          return
        }
        const patient = context['patient'] === true
        connection.call({ type, path, input, signal, patient }).then(
          (data) => {
            observer.next({ result: { type: 'data', data } })
            observer.complete()
          },
          (error: unknown) => observer.error(errorOfCall(error)),
        )
      })
}

export function apiOver(connection: Connection): Api {
  return createTRPCClient<AppRouter>({ links: [connectionLink(connection)] })
}
