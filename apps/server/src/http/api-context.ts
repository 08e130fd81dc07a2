import type { IncomingMessage } from 'node:http'
import type { Context, Services } from '@parley/api/context'
import type { SocketContextOptions } from '@parley/api/socket/trpc-protocol'
import { authenticate } from '@parley/chat/accounts/sessions'
import type { Chat } from '@parley/chat/chat'
import { Refusal } from '@parley/domain/refusal'

const signedOut = () => new Refusal('signed-out', 'This token is of no session: sign in again.')

/** The token of an `Authorization: Bearer` header; null without one. @throws Refusal `signed-out` for any other scheme. */
export function bearerToken(request: IncomingMessage): string | null {
  const { authorization } = request.headers
  if (authorization === undefined) return null
  const [, token] = /^Bearer +([\w.~+/=-]{1,512})$/i.exec(authorization) ?? []
  if (token === undefined) throw signedOut()
  return token
}

/** Whose request it is; null when it brings no token. @throws Refusal `signed-out` when its token is no good. */
export async function actorOf(chat: Chat, request: IncomingMessage) {
  const token = bearerToken(request)
  if (token === null) return null
  const actor = await authenticate(chat, token)
  if (!actor) throw signedOut()
  return actor
}

export async function requestContext(
  services: Services,
  request: IncomingMessage,
  address: string,
): Promise<Context> {
  return { services, caller: { address }, actor: await actorOf(services.chat, request) }
}

/**
 * The context of a socket's calls. A token comes as the connection parameter `token`, or in the header from programs
 * that can set one; without any, the connection is good for a few seconds, which is enough to sign in.
 */
export async function socketContext(services: Services, options: SocketContextOptions): Promise<Context> {
  const { request, connection, connectionParams } = options
  const { chat } = services
  const caller = { address: connection.address }
  const { socket } = request
  const token = connectionParams?.['token'] ?? bearerToken(request)
  if (token === null) return { services, caller, actor: null }
  const actor = await authenticate(chat, token)
  if (!actor) throw signedOut()
  connection.identify(actor)
  // From here on the end of the session ends the connection. It may have ended before, while the token was looked up.
  if (!(await chat.db.read.sessions.byId(actor.sessionId))) throw signedOut()
  if (!socket.destroyed) {
    const presence = chat.presences.arrive(actor)
    socket.once('close', () => presence[Symbol.dispose]())
  }
  return { services, caller, actor }
}
