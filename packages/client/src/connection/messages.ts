import { isRecord } from '../wire-errors.ts'

/** What a server says on the socket, in tRPC's WebSocket protocol. */
export type WireMessage =
  | { readonly kind: 'data'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'started' | 'stopped'; readonly id: number }
  | { readonly kind: 'error'; readonly id: number | null; readonly shape: unknown }
  /** The server is about to stop, and begins nothing more on this socket. */
  | { readonly kind: 'reconnect' }

/** Null for what is no message of the protocol. */
export function readMessage(text: string): WireMessage | null {
  let message: unknown
  try {
    message = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(message)) return null
  const { id, result } = message
  if (message['method'] === 'reconnect') return { kind: 'reconnect' }
  if ('error' in message)
    return { kind: 'error', id: typeof id === 'number' ? id : null, shape: message['error'] }
  if (typeof id !== 'number' || !isRecord(result)) return null
  const { type } = result
  if (type === 'started' || type === 'stopped') return { kind: type, id }
  return { kind: 'data', id, data: result['data'] }
}

export type CallType = 'query' | 'mutation' | 'subscription'

export const paramsText = (token: string) => JSON.stringify({ method: 'connectionParams', data: { token } })

export const callText = (id: number, type: CallType, path: string, input: unknown) =>
  JSON.stringify({ id, method: type, params: { path, input } })

export const stopText = (id: number) => JSON.stringify({ id, method: 'subscription.stop' })
