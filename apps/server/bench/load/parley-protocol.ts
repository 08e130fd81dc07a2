import { z } from 'zod'
import type { Delivery, FrameKind, Protocol } from './protocol.ts'

/** The request that starts the stream; every other one is a call. */
const streamRequest = 1

const messageSchema = z.object({
  id: z.int(),
  conversationId: z.string(),
  clientMessageId: z.string(),
  content: z.object({ kind: z.literal('plain'), text: z.string() }),
})
const eventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('entries'),
    entries: z.array(
      z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('message'), message: messageSchema }),
        z.object({ kind: z.enum(['joined', 'member', 'person', 'conversation', 'read']) }),
      ]),
    ),
  }),
  z.object({ kind: z.enum(['live', 'presence']) }),
])
const trackedSchema = z.object({ result: z.object({ data: z.object({ data: eventSchema }) }) })
const sentSchema = z.object({ id: z.int(), result: z.object({ data: z.object({ messageId: z.int() }) }) })
const pageSchema = z.object({
  id: z.int(),
  result: z.object({ data: z.object({ messages: z.array(messageSchema) }) }),
})

const toDelivery = ({
  id,
  conversationId,
  clientMessageId,
  content,
}: z.infer<typeof messageSchema>): Delivery => ({
  position: id,
  room: conversationId,
  clientId: clientMessageId,
  body: content.text,
})

const query = (id: number, path: string, input: Record<string, unknown>): string =>
  JSON.stringify({ id, method: 'query', params: { path, input } })

const idAt = '{"id":'.length
const [zero, nine, letterD, letterR] = [0x30, 0x39, 0x64, 0x72]

/** By the bytes behind `{"id":N,"`, which are `result":{"type":"data"` or `result":{"type":"started"` when all is well. */
function kindOf(bytes: Buffer, start: number, end: number): FrameKind {
  let at = start + idAt
  let id = 0
  for (let digit = bytes[at] ?? 0; digit >= zero && digit <= nine; digit = bytes[++at] ?? 0) {
    id = id * 10 + digit - zero
  }
  const [first, type] = [bytes[at + 2], bytes[at + 2 + 'result":{"type":"'.length]]
  if (first !== letterR) throw new Error(`unexpected frame: ${bytes.toString('utf8', start, end)}`)
  if (id !== streamRequest) return 'answer'
  return type === letterD ? 'stream' : 'started'
}

/** tRPC's WebSocket protocol, as the stock client speaks it. */
export const parleyProtocol: Protocol = {
  url: (address) => new URL('/trpc?connectionParams=1', address),
  opening: (token, cursor) => [
    JSON.stringify({ method: 'connectionParams', data: { token } }),
    JSON.stringify({
      id: streamRequest,
      method: 'subscription',
      params: { path: 'stream.follow', input: { cursor } },
    }),
  ],
  send: (request, room, clientId, body) =>
    `{"id":${request},"method":"mutation","params":{"path":"messages.send","input":{"conversationId":"${room}",` +
    `"clientMessageId":"${clientId}","content":{"kind":"plain","text":"${body}"}}}}`,
  newest: (request, room, limit) => query(request, 'messages.page', { conversationId: room, limit }),
  search: (request, words, limit) => query(request, 'messages.search', { words, limit }),
  kind: kindOf,
  acknowledged: (text) => [sentSchema.parse(JSON.parse(text)).id],
  deliveries(text) {
    const event = trackedSchema.parse(JSON.parse(text)).result.data.data
    if (event.kind !== 'entries') return []
    return event.entries.flatMap((entry) => (entry.kind === 'message' ? [toDelivery(entry.message)] : []))
  },
  page(text) {
    const { id, result } = pageSchema.parse(JSON.parse(text))
    return { request: id, messages: result.data.messages.map(toDelivery) }
  },
}
