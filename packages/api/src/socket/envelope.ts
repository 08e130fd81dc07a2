import { Serialised } from '@parley/domain/serialised'
import type { StreamFrame } from '@parley/chat/delivery/sink'
import type { TRPCErrorShape } from '@trpc/server'
import type { TRPCRequestMessage } from '@trpc/server/rpc'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import { frameHeadBytes, writeFrameHead } from './frame.ts'

/**
 * The messages of tRPC's WebSocket protocol as text. The start of a response, up to its `result` or `error`, depends
 * on the request alone, so it is made once a request and called its head.
 */
export type RequestId = TRPCRequestMessage['id']

export const reconnectText = '{"id":null,"method":"reconnect"}'

export function headOf(id: RequestId, jsonrpc: '2.0' | undefined): string {
  const start =
    typeof id === 'number' && Number.isSafeInteger(id) ? `{"id":${id},` : `{"id":${JSON.stringify(id)},`
  return jsonrpc === undefined ? start : `${start}"jsonrpc":"2.0",`
}

/** Throws what `JSON.stringify` throws on values that have no JSON. */
export function dataText(head: string, value: unknown): string {
  const json = value instanceof Serialised ? value.json : JSON.stringify(value)
  return json === undefined
    ? `${head}"result":{"type":"data"}}`
    : `${head}"result":{"type":"data","data":${json}}}`
}

/** A tracked event: `id` is what the client names as `lastEventId` when it resumes. Throws as `dataText` does. */
export function trackedText(head: string, id: string, value: unknown): string {
  const idJson = JSON.stringify(id)
  const json = value instanceof Serialised ? value.json : JSON.stringify(value)
  const data = json === undefined ? `{"id":${idJson}}` : `{"id":${idJson},"data":${json}}`
  return `${head}"result":{"type":"data","id":${idJson},"data":${data}}}`
}

export function startedText(head: string): string {
  return `${head}"result":{"type":"started"}}`
}

export function stoppedText(head: string): string {
  return `${head}"result":{"type":"stopped"}}`
}

export function errorText(head: string, shapeJson: string): string {
  return `${head}"error":${shapeJson}}`
}

/** What the client gets when its error cannot be formatted; it says nothing of that error, which may be secret. */
export const fallbackErrorShape: TRPCErrorShape = {
  code: TRPC_ERROR_CODES_BY_KEY.INTERNAL_SERVER_ERROR,
  message: 'Internal server error',
  data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500 },
}

/** Where a `StreamFrame` keeps the bytes that are the same for all heads. No head is empty. */
const sharedKey = ''

/**
 * An event of the stream as the whole WebSocket frame that readers with this head get: built for the first of them,
 * and shared by all others. Nearly all heads have a small number as their id, and that number is then the key.
 */
export function streamFrame(event: StreamFrame, key: string | number, head: string): Uint8Array {
  const made = event.frames.get(key)
  if (made !== undefined) return made
  const headBytes = Buffer.byteLength(head)
  const shared = event.frames.get(sharedKey) ?? Buffer.from(streamText(event))
  event.frames.set(sharedKey, shared)
  const payloadBytes = headBytes + shared.length
  const frame = Buffer.allocUnsafe(frameHeadBytes(payloadBytes) + payloadBytes)
  const start = writeFrameHead(frame, 0, payloadBytes)
  frame.write(head, start)
  frame.set(shared, start + headBytes)
  event.frames.set(key, frame)
  return frame
}

function streamText({ cursor, json }: StreamFrame): string {
  const id = `"id":"${cursor}","data":`
  return `"result":{"type":"data",${id}{${id}${json}}}}`
}
