import type { Services } from '@parley/api/context'
import type { SocketServer } from '@parley/api/socket/server'
import type { Route } from '../http/routes.ts'

/** What a gateway stands on: the use cases of `chat`, who vouches for people, and the sockets. It has nothing of its own. */
export interface GatewayHost {
  readonly services: Services
  readonly sockets: SocketServer
  readonly allowsOrigin: (origin: string) => boolean
  /** Whether people reach the server by HTTPS. */
  readonly isSecure: boolean
}

/** @throws when a setting that it needs is missing. */
export type Gateway = (host: GatewayHost) => readonly Route[]
