import { z } from 'zod'
import type { Delivery, Protocol } from './protocol.ts'

const eventSchema = z.object({ position: z.int(), room: z.string(), id: z.string(), body: z.string() })
const eventsSchema = z.object({ events: z.array(eventSchema) })
const pageSchema = eventsSchema.extend({ page: z.int() })
const acksSchema = z.object({ acks: z.array(z.tuple([z.int(), z.int()])) })

const toDelivery = ({ position, room, id, body }: z.infer<typeof eventSchema>): Delivery => ({
  position,
  room,
  clientId: id,
  body,
})

/** The third byte tells frames apart: `{"ready"`, `{"events"`, `{"acks"`, `{"page"`. */
const kinds = { r: 'started', e: 'stream', a: 'answer', p: 'answer' } as const

export const bareProtocol: Protocol = {
  url: (address) => new URL(address),
  opening: (token, cursor) => [JSON.stringify({ hello: token, after: cursor })],
  send: (request, room, clientId, body) =>
    `{"send":${request},"room":"${room}","id":"${clientId}","body":"${body}"}`,
  newest: (request, room, limit) => `{"newest":${request},"room":"${room}","limit":${limit}}`,
  search: (request, words, limit) => `{"search":${request},"words":"${words}","limit":${limit}}`,
  kind(bytes, start, end) {
    const letter = String.fromCharCode(bytes[start + 2] ?? 0)
    if (letter === 'r' || letter === 'e' || letter === 'a' || letter === 'p') return kinds[letter]
    throw new Error(`unexpected frame: ${bytes.toString('utf8', start, end)}`)
  },
  acknowledged: (text) => acksSchema.parse(JSON.parse(text)).acks.map(([request]) => request),
  deliveries: (text) => eventsSchema.parse(JSON.parse(text)).events.map(toDelivery),
  page(text) {
    const { page, events } = pageSchema.parse(JSON.parse(text))
    return { request: page, messages: events.map(toDelivery) }
  },
}
