import type { AppRouter } from '@parley/api/root'
import { type TRPCLink, createTRPCClient, httpLink } from '@trpc/client'
import { observable } from '@trpc/server/observable'
import { addressesOf } from './addresses.ts'
import type { Api } from './api.ts'
import { errorOfAnswer, errorOfCall } from './wire-errors.ts'

export interface HttpOptions {
  /** The server's address, such as `https://chat.example.org`. */
  readonly url: string | URL
  /** Of a session or a bot; without one there is only what needs no sign-in. */
  readonly token?: string | undefined
  readonly fetch?: typeof fetch | undefined
}

const errorsLink: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (result) => observer.next(result),
        error: (error) => observer.error(errorOfCall(error)),
        complete: () => observer.complete(),
      }),
    )

/**
 * The typed API over plain HTTP, a request each call: for signing in, for a call now and then, and where WebSockets do
 * not get through. Every error is a `ParleyError`; `unreachable` here includes answers that were lost on their way.
 */
export function overHttp({ url, token, fetch = globalThis.fetch }: HttpOptions): Api {
  return createTRPCClient<AppRouter>({
    links: [
      errorsLink,
      httpLink({
        url: addressesOf(url).http,
        ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
        async fetch(input, init) {
          const response = await fetch(input, init)
          // tRPC would say of a page that its first character is no JSON.
          if (!/\bjson\b/.test(response.headers.get('content-type') ?? ''))
            throw errorOfAnswer(response.status)
          return response
        },
      }),
    ],
  })
}
