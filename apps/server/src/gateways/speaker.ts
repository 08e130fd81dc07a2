import type { IncomingMessage } from 'node:http'
import { toTRPCError } from '@parley/api/errors'
import { closeCodeOf } from '@parley/api/socket/closing'
import type { Line, Protocol, Speaker } from '@parley/api/socket/protocol'
import type { Chat } from '@parley/chat/chat'
import { Refusal } from '@parley/domain/refusal'
import type { SocketServer } from '@parley/api/socket/server'
import type { Route } from '../http/routes.ts'
import { echoedTypeCharsMax } from './limits.ts'
import { Seat } from './seat.ts'
import { type FieldNames, type Kind, notJson, type Said, said } from './table.ts'

/** What a note defines, spoken on WebSockets. `Talk` is what goes on with one of them. */
export interface Note<Talk> {
  readonly kinds: ReadonlyMap<string, Kind<Talk>>
  readonly fieldNames: FieldNames
  begin(seat: Seat, request: IncomingMessage): Talk
  /** Where the request itself says who comes. What it throws refuses the connection. */
  open?(talk: Talk): Promise<void>
  /** A "no" in the note's form. `type` is the refused message's, as far as it had one. */
  refusal(type: string, said: Said): object
}

/** A note as a protocol of the socket server, which sees to all limits; here messages find what is done about them. */
export class GatewayProtocol<Talk> implements Protocol {
  readonly takesBatches = false
  readonly speaksPing = false
  /** Messages of a connection are dealt with one after another, in their order. */
  readonly callsInFlightMax = 1
  readonly #chat: Chat
  readonly #note: Note<Talk>

  constructor(chat: Chat, note: Note<Talk>) {
    this.#chat = chat
    this.#note = note
  }

  route(path: string, sockets: SocketServer): Route {
    const handleUpgrade: Route['handleUpgrade'] = (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, this)
    return { path, handleUpgrade }
  }

  begin(line: Line, request: IncomingMessage): Speaker {
    return new GatewaySpeaker(this.#note, new Seat(this.#chat, line), request)
  }

  failed(cause: unknown): void {
    this.#chat.log('gateway-failed', { error: cause })
  }
}

class GatewaySpeaker<Talk> implements Speaker {
  readonly awaitsGreeting = false
  readonly #note: Note<Talk>
  readonly #seat: Seat
  readonly #talk: Talk

  constructor(note: Note<Talk>, seat: Seat, request: IncomingMessage) {
    this.#note = note
    this.#seat = seat
    this.#talk = note.begin(seat, request)
  }

  async open(): Promise<void> {
    await this.#note.open?.(this.#talk)
  }

  hear(message: unknown): void {
    const { line } = this.#seat
    line.callBegins()
    line.callStarts()
    void this.#answer(message).finally(() => line.callEnds())
  }

  /** Whatever goes wrong is answered, and changes nothing (P9). */
  async #answer(message: unknown): Promise<void> {
    const type = typeOf(message)
    // What a message itself has wrong is said in its own words.
    let fieldNames: FieldNames = {}
    try {
      await this.#count()
      const { kinds } = this.#note
      const kind = type === null ? undefined : kinds.get(type)
      if (!kind) {
        const names = [...kinds.keys()].join(', ')
        throw new Refusal('invalid-input', `type: must be one of ${names}`, { field: 'type' })
      }
      const handle = kind.read(message)
      ;({ fieldNames } = this.#note)
      await handle(this.#talk)
    } catch (error) {
      this.#refuse(type ?? '', said(this.#seat.chat, error, fieldNames))
    }
  }

  async #count(): Promise<void> {
    const { chat, actor, caller } = this.#seat
    if (actor) await chat.rates.take('call', actor.accountId)
    else await chat.rates.take('call-address', caller.address)
  }

  hearNoise(): void {
    this.#seat.line.callBegins()
    this.#refuse('', notJson)
  }

  hearTooLongBatch(batch: readonly unknown[]): void {
    this.hear(batch)
  }

  refuse(cause: unknown): number {
    this.#refuse('', said(this.#seat.chat, cause, this.#note.fieldNames))
    return closeCodeOf(toTRPCError(cause))
  }

  #refuse(type: string, why: Said): void {
    this.#seat.say(this.#note.refusal(type.slice(0, echoedTypeCharsMax), why))
  }

  /** No note has an answer to it. */
  takesLeave(): boolean {
    return false
  }

  stop(): void {
    // No note has a word for it; the close code says it.
  }

  close(): void {
    this.#seat.leave()
  }
}

const typeOf = (message: unknown): string | null =>
  typeof message === 'object' && message !== null && 'type' in message && typeof message.type === 'string'
    ? message.type
    : null
