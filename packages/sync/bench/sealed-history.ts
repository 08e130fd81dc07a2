import { signEntry } from '@parley/crypto/chain-author'
import { recipientsOf, sealGrants } from '@parley/crypto/grants'
import { Hpke } from '@parley/crypto/hpke'
import { beginList, deviceKeys, readList } from '@parley/crypto/identity'
import { Keyring, newEpochKey } from '@parley/crypto/keyring'
import { sealMessage } from '@parley/crypto/messages'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import { Previous } from '@parley/crypto/vouching'
import { ParleyError } from '@parley/client/parley-error'
import type { Me } from '@parley/domain/accounts'
import type { Conversation, MyConversation } from '@parley/domain/conversations'
import { AccountId, ClientMessageId, ConversationId, MessageId, Position } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import { epochMessagesMax } from '@parley/domain/limits'
import { fromText, type Hash, toText } from '@parley/domain/sealed/bytes'
import { type Chain, newestEpoch } from '@parley/domain/sealed/chain'
import type { ChainChange } from '@parley/domain/sealed/chain-entry'
import { type DeviceList, headOf } from '@parley/domain/sealed/device-list'
import { extendChain } from '@parley/domain/sealed/extend-chain'
import type { Entry } from '@parley/domain/stream'
import type { Followed, ServerPort } from '@parley/sync/ports'
import type { SealedPort } from '@parley/sync/sealing/port'

const at = Date.UTC(2026, 0, 1)
const entriesPerEvent = 500
const reader = AccountId.parse('areader_________')
const author = AccountId.parse('aauthor_________')
const conversationId = ConversationId.parse('cbench__________')
const refused = () => Promise.reject(new ParleyError('unreachable', 'Nobody is there.'))

/** What somebody said while a reader was away: sealed, with an epoch for every thousand, or the same plain. */
export class SealedHistory {
  readonly #primitives = nodePrimitives()
  readonly #hpke = new Hpke(this.#primitives)
  readonly #keys = deviceKeys(this.#primitives, author, 'person')
  readonly #keyring = new Keyring(this.#primitives, conversationId)
  readonly #lists = new Map<Hash, { list: DeviceList; entries: string[] }>()
  readonly #chainEntries: string[] = []
  readonly #grants: string[] = []
  readonly #previous = new Previous()
  readonly #isSealed: boolean
  #chain: Chain | null = null
  #entries: Entry[] = []
  #position = 10
  #ordinal = 0

  constructor(isSealed: boolean) {
    this.#isSealed = isSealed
    const accountKey = this.#primitives.signingKey()
    const { entry } = beginList({ primitives: this.#primitives, accountKey, at }, this.#keys)
    this.#holdList(toText(entry))
  }

  readonly id = conversationId

  /** Says so much more, which nobody has got yet. */
  async say(messages: number): Promise<void> {
    this.#entries = []
    for (let index = 0; index < messages; index += 1) {
      if (this.#isSealed && index % epochMessagesMax === 0) await this.#beginEpoch()
      const text = `message ${index} says ${(index * 7919).toString(36)} of ${(index * 104_729).toString(36)} things`
      this.#ordinal += 1
      const id = MessageId.parse(this.#next())
      const message = this.#message(id, text, 0)
      this.#entries.push({ position: Position.parse(id), kind: 'message', message })
    }
  }

  /** The last message is edited, and the server brings these revisions, in this order. */
  edit(revisions: readonly number[]): void {
    const last = this.#entries.findLast(({ kind }) => kind === 'message')
    const id = MessageId.parse(last?.position)
    for (const revision of revisions) {
      const position = Position.parse(this.#next())
      const message = { ...this.#message(id, `revision ${revision}`, revision), editedAt: at }
      this.#entries.push({ position, kind: 'message-changed', message })
    }
  }

  #message(id: MessageId, text: string, revision: number): Message {
    const clientMessageId = ClientMessageId.parse(`m${String(this.#ordinal).padStart(8, '0')}`)
    const content = this.#isSealed
      ? ({ kind: 'sealed', sealed: this.#sealed(clientMessageId, text, revision) } as const)
      : ({ kind: 'plain', text } as const)
    const place = { id, conversationId, authorId: author, clientMessageId, ordinal: this.#ordinal }
    return { ...place, sentAt: at, content }
  }

  #next(): number {
    this.#position += 1
    return this.#position
  }

  #sealed(clientMessageId: ClientMessageId, text: string, revision: number): string {
    const chain = this.#chain
    if (!chain) throw new Error('There is no chain')
    const writing = {
      primitives: this.#primitives,
      chain,
      keyring: this.#keyring,
      keys: this.#keys,
      previous: this.#previous,
    }
    return sealMessage(writing, { conversationId, authorId: author, clientMessageId }, { text }, revision)
  }

  async #beginEpoch(): Promise<void> {
    const number = this.#chain?.epochs.length ?? 0
    const key = newEpochKey(this.#primitives, conversationId, number)
    const readers = this.#listOf(reader)
    const members = [{ accountId: reader, head: headOf(readers), role: 'member' } as const]
    const change: ChainChange = this.#chain
      ? { op: 'epoch', epoch: key.commitment, heads: [] }
      : {
          ...{ op: 'create', form: 'group', joinPolicy: 'closed', history: 'everything' },
          ...{ epoch: key.commitment, members },
        }
    const writer = { primitives: this.#primitives, keys: this.#keys, head: headOf(this.#listOf(author)), at }
    const bytes = signEntry(writer, conversationId, this.#chain, change)
    const known = (_accountId: AccountId, identity: Hash) => this.#lists.get(identity)?.list ?? null
    this.#chain = extendChain(this.#primitives, known, this.#chain, bytes).chain
    this.#keyring.hold(key)
    this.#chainEntries.push(toText(bytes))
    const { recipients } = recipientsOf(this.#chain, known, newestEpoch(this.#chain).number)
    const granting = { hpke: this.#hpke, chain: this.#chain, keyring: this.#keyring, keys: this.#keys, at }
    const mine = recipients.filter(({ accountId }) => accountId === reader)
    const [grant] = await sealGrants(granting, mine, { first: number, last: number })
    const entry = { conversationId, index: this.#chainEntries.length - 1, entry: toText(bytes) }
    this.#entries.push({ position: Position.parse(this.#next()), kind: 'chain', ...entry })
    const deviceId = mine[0]?.deviceId
    if (!grant || !deviceId) throw new Error('There is nobody to grant to')
    this.#grants.push(toText(grant))
    const given = { conversationId, deviceId, grants: [toText(grant)] }
    this.#entries.push({ position: Position.parse(this.#next()), kind: 'grants', ...given })
  }

  #listOf(accountId: AccountId): DeviceList {
    const found = [...this.#lists.values()].find(({ list }) => list.accountId === accountId)
    if (!found) throw new Error('There is no list')
    return found.list
  }

  #holdList(entry: string): DeviceList {
    const list = readList(this.#primitives, [fromText(entry)])
    this.#lists.set(list.identity, { list, entries: [entry] })
    return list
  }

  get #conversation(): Conversation {
    return {
      ...{ id: conversationId, kind: 'group', name: 'Bench', description: '', joinPolicy: 'closed' },
      ...{ listed: false, sealed: this.#isSealed, founderId: author, createdAt: at, closedAt: null },
    }
  }

  async *#follow(cursor: number, signal: AbortSignal): AsyncGenerator<Followed, void, undefined> {
    const missed = this.#entries.filter(({ position }) => position > cursor)
    for (let first = 0; first < missed.length; first += entriesPerEvent) {
      const entries = missed.slice(first, first + entriesPerEvent)
      yield { kind: 'entries', entries, cursor: entries.at(-1)?.position ?? cursor }
    }
    yield { kind: 'live', cursor: missed.at(-1)?.position ?? cursor }
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
  }

  get server(): ServerPort {
    const me: Me = { ...meOf(reader), createdAt: at }
    const mine: MyConversation = {
      conversation: this.#conversation,
      role: 'member',
      memberCount: 2,
      lastMessage: null,
      readUpTo: 0,
      unread: 0,
      mentions: 0,
    }
    const requests = { toDecide: [], mine: [], invitations: [] }
    return {
      state: { kind: 'online' },
      snapshot: () =>
        Promise.resolve({
          cursor: Position.parse(1),
          logId: 'bench',
          me,
          conversations: [mine],
          next: null,
          requests,
        }),
      mine: refused,
      page: () => Promise.resolve({ messages: [], hasOlder: false, hasNewer: false }),
      message: refused,
      messageAtTime: refused,
      members: refused,
      people: () => Promise.resolve({ people: [], next: null }),
      search: refused,
      typing: () => Promise.resolve(),
      upload: refused,
      download: refused,
      perform: refused,
      follow: ({ cursor, signal }) => this.#follow(cursor, signal),
      sealed: this.#sealedPort,
      retryNow: () => {},
      close: () => Promise.resolve(),
    }
  }

  get #sealedPort(): SealedPort {
    return {
      appendList: async ([entry = '']) => ({ accountId: reader, ...headOf(this.#holdList(entry)) }),
      lists: async (wishes) => ({
        lists: wishes.map(({ accountId, from }) => {
          const found = [...this.#lists.values()].find(({ list }) => list.accountId === accountId)
          const entries = found?.entries.slice(from) ?? []
          return { accountId, identity: found?.list.identity ?? null, from, entries, more: false }
        }),
      }),
      useDevice: () => Promise.resolve(),
      chain: async (_id, from) => ({
        entries: this.#chainEntries
          .map((entry, index) => ({ index, position: Position.parse(2 + index), entry }))
          .slice(from),
        more: false,
      }),
      chainHead: () => Promise.resolve(null),
      grants: () =>
        Promise.resolve({ grants: this.#grants.map((grant) => ({ conversationId, grant })), next: null }),
      keyRequests: () => Promise.resolve([]),
      linkRequests: () => Promise.resolve([]),
      linkAnswer: () => Promise.resolve(null),
      backupParts: () => Promise.resolve([]),
      requestKeys: () => Promise.resolve(),
      requestLink: refused,
      answerLink: refused,
      append: refused,
      grant: refused,
      putBackup: refused,
      backupPart: refused,
      settleBackup: refused,
      send: refused,
      edit: refused,
      askToJoin: refused,
    }
  }
}

const meOf = (id: AccountId) => ({
  id,
  username: id.slice(1, 7),
  displayName: id.slice(1, 7),
  name: '',
  lastName: '',
  bot: false,
  disabled: false,
  operator: false,
  ownerId: null,
  hasPassword: true,
})
