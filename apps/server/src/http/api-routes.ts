import type { Services } from '@parley/api/context'
import { toTRPCError } from '@parley/api/errors'
import { appRouter } from '@parley/api/root'
import type { SocketServer } from '@parley/api/socket/server'
import { callsPerBatchMax, httpBodyBytesMax } from '@parley/domain/limits'
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http'
import type { TRPCError } from '@trpc/server'
import { requestContext } from './api-context.ts'
import type { Route } from './routes.ts'

export interface FailedCall {
  readonly error: TRPCError
  readonly path: string | undefined
  readonly type: string
}

const cors = {
  methods: ['GET', 'POST'],
  headers: ['Authorization', 'Content-Type', 'Last-Event-ID', 'trpc-accept', 'x-trpc-source'],
  exposed: ['Retry-After'],
}

/** The typed API: calls by GET and POST below `/trpc/`, and the WebSocket at `/trpc` itself. */
export function apiRoutes(
  services: Services,
  sockets: SocketServer,
  onError: (failed: FailedCall) => void,
): Route[] {
  return [
    { path: '/trpc', handleUpgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head) },
    {
      path: '/trpc/',
      cors,
      handleUpgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head),
      handleRequest: (request, response, { url, address }) =>
        nodeHTTPRequestHandler({
          router: appRouter,
          req: request,
          res: response,
          path: url.pathname.slice('/trpc/'.length),
          maxBodySize: httpBodyBytesMax,
          maxBatchSize: callsPerBatchMax,
          createContext: () =>
            requestContext(services, request, address).catch((error: unknown) => {
              throw toTRPCError(error)
            }),
          onError,
        }),
    },
  ]
}
