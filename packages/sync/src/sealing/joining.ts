import { proveInvite, readInviteFragment, signJoin } from '@parley/crypto/chain-author'
import { signJoinProof } from '@parley/crypto/join-proof'
import { ParleyError } from '@parley/client/parley-error'
import type { ConversationId } from '@parley/domain/ids'
import { toText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Call, Done } from '../outbox/calls.ts'
import type { ServerPort } from '../ports.ts'
import type { KeysSurroundings } from './keys.ts'

type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>

/** Others may change the chain so often meanwhile. */
const joinTriesMax = 5
const done: Done = { kind: 'done' }

export interface JoiningSurroundings extends KeysSurroundings {
  readonly server: ServerPort
}

/** Comes into groups, by an entry of one's own or by asking. */
export class Joining {
  readonly #of: JoiningSurroundings

  constructor(surroundings: JoiningSurroundings) {
    this.#of = surroundings
  }

  async join(call: CallOf<'join'>): Promise<Done> {
    const { kit, own, server } = this.#of
    const id = call.conversationId
    for (let tries = 0; ; tries += 1) {
      const head = await kit.port.chainHead(id)
      const link = call.invite ? this.#linkOf(id, call.invite, head?.chain) : null
      if (!head) return server.perform(call)
      const author = { primitives: kit.primitives, keys: own.keys, head: own.head, at: kit.clock.now() }
      const entry = signJoin(author, id, head, link && proveInvite(link, author))
      try {
        await kit.port.append({
          conversationId: id,
          entries: [toText(entry)],
          ...(call.password !== undefined && { password: call.password }),
        })
        return done
      } catch (error) {
        if (!(error instanceof ParleyError) || error.kind !== 'head-moved' || tries >= joinTriesMax)
          throw error
      }
    }
  }

  async ask(call: CallOf<'ask-to-join'>): Promise<Done> {
    const { kit, own, server } = this.#of
    const id = call.conversationId
    const head = await kit.port.chainHead(id)
    const link = call.invite ? this.#linkOf(id, call.invite, head?.chain) : null
    if (!head) return server.perform(call)
    const author = { primitives: kit.primitives, keys: own.keys, head: own.head, at: kit.clock.now() }
    const proof = signJoinProof(author, id, link && proveInvite(link, author))
    await kit.port.askToJoin(id, toText(proof))
    return done
  }

  /** A link names the chain that it was made for: a server that shows another one is caught here, and one that shows none. */
  #linkOf(id: ConversationId, fragment: string, chain: string | undefined) {
    const link = readInviteFragment(this.#of.kit.primitives, id, fragment)
    if (!link) throw new ParleyError('invite-link-invalid', 'This is no link into a sealed group.')
    if (link.chain !== chain)
      throw new SealedError('chain-broken', 'The server shows another chain than the link names.')
    // What it shows once one is in has to be that one, too.
    this.#of.rooms.note(this.#of.rooms.get(id), { seen: { index: 0, hash: chain } })
    return link
  }
}
