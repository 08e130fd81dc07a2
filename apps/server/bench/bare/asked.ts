/** What a client of the yardstick may ask. */
export type Asked =
  | { kind: 'hello'; token: string; after: number }
  | { kind: 'send'; request: number; room: string; id: string; body: string }
  | { kind: 'newest'; request: number; room: string; limit: number }
  | { kind: 'search'; request: number; words: string; limit: number }

interface Fields {
  hello?: unknown
  after?: unknown
  send?: unknown
  newest?: unknown
  search?: unknown
  room?: unknown
  id?: unknown
  body?: unknown
  words?: unknown
  limit?: unknown
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Reads a frame, checked by hand as cheaply as can be; null for anything that is not one of the four. */
export function readAsked(text: string): Asked | null {
  const value = parse(text)
  if (typeof value !== 'object' || value === null) return null
  const { hello, after, send, newest, search, room, id, body, words, limit }: Fields = value
  if (typeof send === 'number') {
    if (typeof room !== 'string' || typeof id !== 'string' || typeof body !== 'string') return null
    return { kind: 'send', request: send, room, id, body }
  }
  if (typeof newest === 'number') {
    if (typeof room !== 'string' || typeof limit !== 'number') return null
    return { kind: 'newest', request: newest, room, limit }
  }
  if (typeof search === 'number') {
    if (typeof words !== 'string' || typeof limit !== 'number') return null
    return { kind: 'search', request: search, words, limit }
  }
  if (typeof hello !== 'string' || typeof after !== 'number') return null
  return { kind: 'hello', token: hello, after }
}
