import type { Actor, Caller } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import type { Bridge } from '@parley/chat/identity/bridge'
import type { Oidc } from '@parley/chat/identity/oidc'
import type { ServerInfo } from '@parley/domain/server'

/** What the router stands on, the same for every call. */
export interface Services {
  readonly chat: Chat
  readonly oidc: Oidc | null
  readonly bridge: Bridge | null
  /** What is configured; whether an operator is awaited changes while the server runs. */
  readonly info: Omit<ServerInfo, 'awaitsOperator'>
}

export interface Context {
  readonly services: Services
  readonly caller: Caller
  /** Null until somebody has signed in. */
  readonly actor: Actor | null
}
