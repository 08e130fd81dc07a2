import { readChain } from '@parley/crypto/chain-author'
import { openGrant } from '@parley/crypto/grants'
import { Hpke } from '@parley/crypto/hpke'
import { beginList, type DeviceKeys, deviceKeys, readList } from '@parley/crypto/identity'
import { Keyring } from '@parley/crypto/keyring'
import { sealMessage } from '@parley/crypto/messages'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import { ClientMessageId, type ConversationId } from '@parley/domain/ids'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import type { Chain } from '@parley/domain/sealed/chain'
import { type DeviceList, headOf } from '@parley/domain/sealed/device-list'
import type { SealedBody } from '@parley/domain/sealed/wire'
import { newClientMessageId, type TestPerson } from '@parley/testkit/people'

export const primitives = nodePrimitives()
const hpke = new Hpke(primitives)

/** Somebody whose program is this test: it has keys, and asks the server for no more than it is told to. */
export class RawMember {
  readonly person: TestPerson
  readonly keys: DeviceKeys
  readonly list: DeviceList
  readonly id: TestPerson['account']['id']
  chain: Chain | null = null
  keyring: Keyring | null = null
  readonly lists = new Map<string, DeviceList>()

  constructor(person: TestPerson, keys: DeviceKeys, list: DeviceList) {
    this.person = person
    this.keys = keys
    this.list = list
    this.id = person.account.id
  }

  static async begin(person: TestPerson): Promise<RawMember> {
    const keys = deviceKeys(primitives, person.account.id, 'person')
    const accountKey = primitives.signingKey()
    const { entry, list } = beginList({ primitives, accountKey, at: Date.now() }, keys)
    await person.api.devices.append.mutate({ entries: [toText(entry)], beginAgain: false })
    await person.api.devices.use.mutate({ deviceId: keys.id })
    return new RawMember(person, keys, list)
  }

  readonly #known = (accountId: string, identity: string) => this.lists.get(accountId + identity) ?? null

  /** Signs as this device. */
  get author() {
    return { primitives, keys: this.keys, head: headOf(this.list), at: Date.now() }
  }

  /** Reads a chain from its beginning, and what keys were given. */
  async read(conversationId: ConversationId): Promise<{ chain: Chain; keyring: Keyring }> {
    const { api } = this.person
    const { members } = await api.conversations.members.query({ conversationId })
    const wishes = members.map(({ accountId }) => ({ accountId, from: 0 }))
    const { lists } = await api.devices.lists.query({ lists: wishes })
    for (const { entries } of lists) {
      if (entries.length === 0) continue
      const list = readList(primitives, entries.map(fromText))
      this.lists.set(list.accountId + list.identity, list)
    }
    const { entries } = await api.sealed.chain.query({ conversationId })
    const { chain } = readChain(
      primitives,
      this.#known,
      entries.map(({ entry }) => fromText(entry)),
    )
    const keyring = new Keyring(primitives, conversationId)
    const { grants } = await api.sealed.grants.query({ conversationId })
    for (const { grant } of grants)
      await openGrant(hpke, { chain, lists: this.#known, keyring }, this.keys, fromText(grant))
    this.chain = chain
    this.keyring = keyring
    return { chain, keyring }
  }

  /** By what was read last. */
  seal(said: string | SealedBody, clientMessageId = newClientMessageId(), revision = 0): string {
    const body = typeof said === 'string' ? { text: said } : said
    const { chain, keyring, keys } = this
    if (!chain || !keyring) throw new Error('It was not read yet')
    const place = { conversationId: chain.conversationId, authorId: this.id, clientMessageId }
    return sealMessage({ primitives, chain, keyring, keys }, place, body, revision)
  }

  async say(text: string) {
    const { chain } = this
    if (!chain) throw new Error('It was not read yet')
    const clientMessageId = ClientMessageId.parse(newClientMessageId())
    const content = { kind: 'sealed' as const, sealed: this.seal(text, clientMessageId) }
    const sent = await this.person.api.messages.send.mutate({
      conversationId: chain.conversationId,
      clientMessageId,
      content,
    })
    return { messageId: sent.messageId, clientMessageId }
  }
}
