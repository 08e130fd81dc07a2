import { z } from 'zod'

/** What a server holds before a workload starts: who there is, who talks with whom, and what has been said. */
export const worldSchema = z.object({
  accounts: z.int(),
  rooms: z.array(
    z.object({
      /** Indexes of accounts. */
      members: z.array(z.int()),
      /** How many messages the room holds at the start. */
      messages: z.int(),
    }),
  ),
  /** What the messages that are there already say. */
  text: z.enum(['filler', 'words']),
})

export type World = z.infer<typeof worldSchema>

/** The same world, as one server names it: what a client must know in order to take part. */
export interface Laid {
  /** Tokens by account. */
  tokens: string[]
  /** Names of the rooms, in the world's order. */
  rooms: string[]
  /** The cursor after the last message, as the protocol writes it. */
  head: number
}

const bodyBytes = 200

/** Stands once in every body that a workload sends, so that deliveries can be counted without reading JSON. */
export const bodyMarker = '#said '

/** A body of 200 bytes which says who sent it, as what number, and when (microseconds of the sender's clock). */
export function sentBody(sender: number, count: number, atMicros: number): string {
  return `${bodyMarker}${atMicros} ${sender} ${count} `.padEnd(bodyBytes, 'all work and no play ')
}

export interface SentBody {
  atMicros: number
  sender: number
  count: number
}

/** Reads a body back; null when it is not, to the last byte, one that `sentBody` made. */
export function readBody(body: string): SentBody | null {
  const [, at, who, nth] = body.split(' ', 4)
  const read = { atMicros: Number(at), sender: Number(who), count: Number(nth) }
  return sentBody(read.sender, read.count, read.atMicros) === body ? read : null
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const vocabularyWords = 30_000
const syllables = [
  'ba',
  'ce',
  'di',
  'fo',
  'gu',
  'ha',
  'je',
  'ki',
  'lo',
  'mu',
  'na',
  'pe',
  'ri',
  'so',
  'tu',
  'wa',
]

/** The word of that rank, made of syllables so that tokenisers take it for one. */
function word(rank: number): string {
  let text = ''
  for (let rest = rank + 16; rest > 0; rest = Math.floor(rest / 16)) text += syllables[rest % 16]
  return text
}

/**
 * Words as people use them: the n-th most frequent one about 1/n as often as the first (Zipf's law). Drawn from the
 * continuous distribution, which costs one power instead of a search in a table.
 */
export function wordSource(seed: number): () => string {
  const random = seeded(seed)
  const words = Array.from({ length: vocabularyWords }, (_, rank) => word(rank))
  return () => words[Math.floor(vocabularyWords ** random()) - 1] ?? word(0)
}

/** The bodies that a world's rooms hold at the start, in the order in which they were said. */
export function* storedBodies(world: World): Generator<{ room: number; author: number; body: string }> {
  const random = seeded(1)
  const nextWord = wordSource(2)
  const words = (): string => Array.from({ length: 4 + Math.floor(random() * 25) }, nextWord).join(' ')
  const left = world.rooms.map((room) => room.messages)
  const most = Math.max(0, ...left)
  for (let turn = 0; turn < most; turn++) {
    for (const [room, { members, messages }] of world.rooms.entries()) {
      const author = members[turn % members.length]
      if (turn >= messages || author === undefined) continue
      yield { room, author, body: world.text === 'words' ? words() : sentBody(author, turn + 1, 0) }
    }
  }
}
