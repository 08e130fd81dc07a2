import { createHash } from 'node:crypto'
import type { WebSocket } from 'ws'
import { type Asked, readAsked } from './asked.ts'
import type { Committer } from './committer.ts'
import type { Said, Store } from './store.ts'

export interface Members {
  /** Accounts by the SHA-256 of their token. */
  accounts: Map<string, string>
  /** Rooms by account. */
  roomsOf: Map<string, string[]>
}

class Connection {
  readonly socket: WebSocket
  readonly account: string
  /** Of the commit group in hand: the calls to acknowledge, and the rooms that have something for this reader. */
  acks: string[] = []
  rooms: Group[] = []

  constructor(socket: WebSocket, account: string) {
    this.socket = socket
    this.account = account
  }
}

/** What one commit group holds of one room. */
interface Group {
  said: Said[]
  frame: Buffer
}

interface Waiting {
  from: Connection
  request: number
}

export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('base64')

const eventsFrame = (json: readonly string[]): Buffer => Buffer.from(`{"events":[${json.join(',')}]}`)

/**
 * The yardstick: what a `ws` server costs that keeps every message on disk before it acknowledges it, and does
 * nothing else that is not needed. Rooms and membership are in memory; nothing is bounded, nobody is limited.
 * `coalesce` puts all that one commit group has for a reader in one frame; without it, each message is a frame.
 */
export class RoomServer {
  readonly #store: Store
  readonly #members: Members
  readonly #coalesce: boolean
  readonly #present = new Map<string, Set<Connection>>()
  readonly #waiting = new Map<number, Waiting>()
  #position: number

  constructor(store: Store, members: Members, coalesce: boolean) {
    this.#store = store
    this.#members = members
    this.#coalesce = coalesce
    this.#position = store.head()
  }

  accept(socket: WebSocket, committer: Committer): void {
    let connection: Connection | null = null
    socket.on('message', (data) => {
      const asked = readAsked(Buffer.isBuffer(data) ? data.toString() : '')
      if (asked?.kind === 'hello') connection = this.#join(socket, asked.token, asked.after)
      else if (connection && asked) this.#answer(connection, asked, committer)
      else socket.close(1008, 'say hello first, and then what is understood')
    })
    socket.on('close', () => {
      if (connection === null) return
      for (const room of this.#members.roomsOf.get(connection.account) ?? [])
        this.#present.get(room)?.delete(connection)
    })
  }

  #join(socket: WebSocket, token: string, after: number): Connection | null {
    const account = this.#members.accounts.get(tokenHash(token))
    if (account === undefined) {
      socket.close(1008, 'unknown token')
      return null
    }
    const connection = new Connection(socket, account)
    const rooms = this.#members.roomsOf.get(account) ?? []
    for (const room of rooms) {
      const present = this.#present.get(room)
      if (present) present.add(connection)
      else this.#present.set(room, new Set([connection]))
    }
    socket.send(`{"ready":${this.#position}}`)
    if (after < this.#position) {
      const missed = this.#store.after(after).filter((said) => rooms.includes(said.room))
      if (missed.length > 0) socket.send(eventsFrame(missed.map((said) => said.json)), { binary: false })
    }
    return connection
  }

  #answer(from: Connection, asked: Exclude<Asked, { kind: 'hello' }>, committer: Committer): void {
    switch (asked.kind) {
      case 'send': {
        const { request, room, id: clientId, body } = asked
        const author = from.account
        if (!this.#members.roomsOf.get(author)?.includes(room)) return from.socket.close(1008, 'not a member')
        const position = ++this.#position
        const json = JSON.stringify({ position, room, author, id: clientId, at: Date.now(), body })
        this.#waiting.set(position, { from, request })
        committer.add({ position, room, author, clientId, json })
        break
      }
      case 'newest':
        this.#page(from, asked.request, this.#store.newest(asked.room, asked.limit))
        break
      case 'search': {
        const words = asked.words.split(' ').map((word) => `"${word.replaceAll('"', '""')}"`)
        this.#page(
          from,
          asked.request,
          this.#store.search(words.join(' '), this.#members.roomsOf.get(from.account) ?? [], asked.limit),
        )
        break
      }
    }
  }

  #page(to: Connection, request: number, json: readonly string[]): void {
    to.socket.send(Buffer.from(`{"page":${request},"events":[${json.join(',')}]}`), { binary: false })
  }

  /** Acknowledges and delivers a group that is on disk. */
  readonly committed = (said: Said[]): void => {
    if (this.#coalesce) this.#deliverGroup(said)
    else for (const one of said) this.#deliverGroup([one])
  }

  #deliverGroup(said: Said[]): void {
    const touched = new Set<Connection>()
    const groups = new Map<string, Group>()
    for (const one of said) {
      const waiting = this.#waiting.get(one.position)
      if (waiting) {
        this.#waiting.delete(one.position)
        waiting.from.acks.push(`[${waiting.request},${one.position}]`)
        touched.add(waiting.from)
      }
      const group = groups.get(one.room)
      if (group) group.said.push(one)
      else groups.set(one.room, { said: [one], frame: Buffer.alloc(0) })
    }
    for (const [room, group] of groups) {
      group.frame = eventsFrame(group.said.map((one) => one.json))
      for (const reader of this.#present.get(room) ?? []) {
        reader.rooms.push(group)
        touched.add(reader)
      }
    }
    for (const connection of touched) flush(connection)
  }
}

/** A reader of one busy room gets the bytes that all its readers share; one of several gets them merged in order. */
function flush(connection: Connection): void {
  const { socket, acks, rooms } = connection
  if (acks.length > 0) {
    socket.send(`{"acks":[${acks.join(',')}]}`)
    connection.acks = []
  }
  const [first] = rooms
  if (first === undefined) return
  connection.rooms = []
  if (rooms.length === 1) return socket.send(first.frame, { binary: false })
  const merged = rooms.flatMap((group) => group.said).toSorted((one, other) => one.position - other.position)
  socket.send(eventsFrame(merged.map((one) => one.json)), { binary: false })
}
