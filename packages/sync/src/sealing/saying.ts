import { sealMessage } from '@parley/crypto/messages'
import { sealReaction } from '@parley/crypto/reactions'
import { ParleyError } from '@parley/client/parley-error'
import type { AttachmentId } from '@parley/domain/ids'
import type { Attachment } from '@parley/domain/messages'
import { toText } from '@parley/domain/sealed/bytes'
import { newestEpoch } from '@parley/domain/sealed/chain'
import { SealedError } from '@parley/domain/sealed/causes'
import type { SealedAttachment, SealedBody } from '@parley/domain/sealed/wire'
import type { Call, Done } from '../outbox/calls.ts'
import type { ServerPort } from '../ports.ts'
import { type HeldMessage, messageById } from '../store/messages.ts'
import { outgoingByAttachment } from '../store/outgoing.ts'
import { attachmentSecret, noMessage } from '../store/sealed.ts'
import type { Opening } from './opening.ts'
import { keyOfNewest, type Room } from './rooms.ts'
import type { Writing, WritingSurroundings } from './writing.ts'

type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>

/** The epoch may be over again and again by the time that something is sealed. */
const triesMax = 6

export interface SayingSurroundings extends WritingSurroundings {
  readonly server: ServerPort
  readonly writing: Writing
  readonly opening: Opening
}

/** Seals what is said, at the moment of sending. */
export class Saying {
  readonly #of: SayingSurroundings

  constructor(surroundings: SayingSurroundings) {
    this.#of = surroundings
  }

  async send(call: CallOf<'send'>): Promise<Done> {
    const { port } = this.#of.kit
    const ids = call.attachmentIds ?? []
    const body: SealedBody = {
      text: call.content.text,
      ...(typeof call.replyTo === 'number' && { replyTo: call.replyTo }),
      ...mentionsOf(call),
      ...(ids.length > 0 && { attachments: ids.map((id) => this.#uploaded(id)) }),
    }
    const { operationId, conversationId } = call
    const sent = await this.#sealed(conversationId, (room) => {
      const sealed = this.#seal(room, operationId, body, 0)
      return port.send({
        conversationId,
        clientMessageId: operationId,
        content: { kind: 'sealed', sealed },
        ...(ids.length > 0 && { attachments: [...ids] }),
      })
    })
    return { kind: 'sent', sent }
  }

  async edit(call: CallOf<'edit'>): Promise<Done> {
    const { kit } = this.#of
    const { port } = kit
    const { conversationId, messageId } = call
    const held = messageById(kit.store.connection, messageId) ?? (await this.#fromServer(call))
    const attachments = (held.attachments ?? []).map((each) => this.#sent(each, held))
    const body: SealedBody = {
      text: call.content.text,
      ...(held.replyTo !== undefined && { replyTo: held.replyTo }),
      ...mentionsOf(call),
      ...(attachments.length > 0 && { attachments }),
    }
    const message = await this.#sealed(conversationId, (room) => {
      const now = messageById(kit.store.connection, messageId) ?? held
      const revision = (now.sealed?.revision ?? 0) + 1
      const sealed = this.#seal(room, held.clientMessageId, body, revision)
      return port.edit({ conversationId, messageId, content: { kind: 'sealed', sealed } })
    })
    return { kind: 'message', message }
  }

  async react(call: CallOf<'react'>): Promise<Done> {
    const { kit, server, writing, rooms } = this.#of
    const room = rooms.get(call.conversationId)
    const chain = await writing.chainOf(room)
    const message = messageById(kit.store.connection, call.messageId) ?? (await this.#fromServer(call))
    const { keyring } = room
    const { conversationId, authorId, clientMessageId } = message
    const place = { conversationId, authorId, clientMessageId }
    const sealIn = (epoch: number) =>
      sealReaction(kit.primitives, chain, keyring, { place, epoch }, call.emoji)
    // One that was said before it was sealed gets them under the newest key.
    const isOlder = (message.sealed?.epoch ?? null) === null
    if (call.on && isOlder && !keyOfNewest(room)) await writing.readyToSeal(room)
    const epoch = message.sealed?.epoch ?? newestEpoch(chain).number
    if (call.on) return server.perform({ ...call, emoji: sealIn(epoch) })
    // After an edit there may be the same one under another epoch.
    const mine = (message.sealed?.reactions ?? []).filter(({ accountIds }) =>
      accountIds.includes(kit.store.account.id),
    )
    const epochs = chain.epochs.filter(({ number }) => keyring.of(chain, number)).map(({ number }) => number)
    const names = new Set(epochs.map(sealIn))
    const found = mine
      .filter(({ emoji }) => emoji === call.emoji || names.has(emoji))
      .map(({ emoji }) => emoji)
    for (const emoji of found.length > 0 ? found : [sealIn(epoch)]) await server.perform({ ...call, emoji })
    return { kind: 'done' }
  }

  async #fromServer({ conversationId, messageId }: CallOf<'edit' | 'react'>): Promise<HeldMessage> {
    const message = await this.#of.server.message(conversationId, messageId)
    const [opened] = await this.#of.opening.open([message])
    return opened ?? message
  }

  /** A file of a message that waits: sealed under a key that goes with the message. */
  #uploaded(id: AttachmentId): SealedAttachment {
    const { connection } = this.#of.kit.store
    const file = outgoingByAttachment(connection, id)
    const secret = file && attachmentSecret(connection, file.id, noMessage)
    // It was uploaded before the conversation was sealed: it is uploaded again.
    if (!secret) throw new ParleyError('attachment-missing', 'A file was uploaded in the clear.')
    const { name, mediaType, bytes } = file
    return { id, name, mediaType, bytes, key: toText(secret.key) }
  }

  #sent({ id, name, mediaType, bytes }: Attachment, message: HeldMessage): SealedAttachment {
    const brought = message.sealed?.keys?.find((each) => each.id === id)
    const secret = brought ?? attachmentSecret(this.#of.kit.store.connection, id, message.id)
    if (!secret) throw new ParleyError('attachment-missing', 'The key of a file is not here.')
    return { id, name, mediaType, bytes, key: toText(secret.key) }
  }

  #seal(
    room: Room,
    clientMessageId: HeldMessage['clientMessageId'],
    body: SealedBody,
    revision: number,
  ): string {
    const { kit, own } = this.#of
    const { chain, keyring, previous, id } = room
    if (!chain) throw new ParleyError('chain-needed', 'This conversation has no chain.')
    const place = { conversationId: id, authorId: own.keys.accountId, clientMessageId }
    const writing = { primitives: kit.primitives, chain, keyring, keys: own.keys, previous }
    return sealMessage(writing, place, body, revision)
  }

  /** Who was removed, and is back by a server that was put back, hears nothing more. @throws ParleyError `chain-refused` */
  async #mustBeOut(room: Room): Promise<void> {
    const { reading, writing } = this.#of
    const back = reading.readmitted(room)
    if (back.length === 0) return
    if (writing.removable(room, back).length < back.length)
      throw new ParleyError('chain-refused', 'chain-broken: an admin has to remove again who was removed.')
    await writing.remove(room, back)
  }

  /**
   * Where the epoch is over by the time it comes to the server, or the server has another chain than it was sealed by, the chain
   * is read on, which gives a server that was put back what it lost, and it is sealed anew.
   */
  async #sealed<T>(id: Room['id'], say: (room: Room) => Promise<T>): Promise<T> {
    const { rooms, writing, reading, lists, own } = this.#of
    const room = rooms.get(id)
    void own.keys
    for (let tries = 0; ; tries += 1) {
      if (room.facts.broken)
        throw new ParleyError('chain-refused', `${room.facts.broken}: the chain is broken.`)
      await writing.readyToSeal(room)
      await this.#mustBeOut(room)
      try {
        return await say(room)
      } catch (error) {
        if (tries >= triesMax) throw error
        // Another epoch began just now: its key is seen to first.
        if (error instanceof SealedError && endsEpoch(error)) continue
        if (!(error instanceof ParleyError)) throw error
        if (error.kind === 'device-unknown') await own.settle()
        else if (error.kind === 'epoch-outdated' || error.kind === 'head-moved') {
          await reading.on(room)
          await lists.learn([...(room.chain?.members.keys() ?? [])])
        } else throw error
      }
    }
  }
}

const mentionsOf = ({ mentions, mentionsEveryone }: CallOf<'send' | 'edit'>) => ({
  ...(mentions?.length && { mentions }),
  ...(mentionsEveryone && { everyone: true as const }),
})

const endsEpoch = ({ kind }: SealedError): boolean => kind === 'no-grant-yet' || kind === 'epoch-due'
