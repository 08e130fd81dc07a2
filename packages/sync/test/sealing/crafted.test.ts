import { signEntry } from '@parley/crypto/chain-author'
import { sealGrants } from '@parley/crypto/grants'
import { Hpke } from '@parley/crypto/hpke'
import { beginList, certificateOf, deviceKeys, readList } from '@parley/crypto/identity'
import { Keyring, newEpochKey } from '@parley/crypto/keyring'
import { signedUnder } from '@parley/crypto/signed'
import { ClientMessageId } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { readChainEntry, writeChainEntry } from '@parley/domain/sealed/chain-entry'
import { devicesOf, headOf, writeListEntry } from '@parley/domain/sealed/device-list'
import { readGrant } from '@parley/domain/sealed/grant-form'
import type { Entry } from '@parley/domain/stream'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import { lyingStage } from './lying-stage.ts'
import { did, isOpen, say, sealedGroup, sees, shown } from './people.ts'
import { primitives, RawMember } from './raw.ts'

// Lies that are well made: with keys of the server's own, or with a member who helps it.

const hpke = new Hpke(primitives)
const bySealed = (message: Message): string =>
  message.content.kind === 'sealed' ? message.content.sealed : ''

test('S70: a device that the server adds to an account with keys of its own is given nothing', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const wish = { accountId: on.ada.id, from: 0 }
  const { lists } = await on.ada.person.api.devices.lists.query({ lists: [wish] })
  const list = readList(primitives, (lists[0]?.entries ?? []).map(fromText))
  const spy = deviceKeys(primitives, on.ada.id, 'person')
  const forged = signedUnder(
    'list',
    primitives.signingKey(),
    writeListEntry({
      accountId: on.ada.id,
      index: list.hashes.length,
      previous: list.hashes.at(-1) ?? '',
      at: 1,
      change: { op: 'add', device: certificateOf(spy) },
    }),
  )
  on.liar.lie = {
    lists: (page) => ({
      lists: page.lists.map((each) =>
        each.accountId === on.ada.id ? { ...each, entries: [...each.entries, toText(forged)] } : each,
      ),
    }),
    entry: (entry) => {
      if (entry.kind !== 'device-list' || entry.accountId !== on.ada.id) return [entry]
      return [{ ...entry, index: list.hashes.length, hash: primitives.hash(forged) }]
    },
  }
  await on.reopen()
  await until(on.engine, (each) => each.conversation(id)?.sealing?.state === 'broken')
  await expect(
    did(on.engine, { kind: 'send', conversationId: id, content: { kind: 'plain', text: 'to a spy?' } }),
  ).rejects.toThrow(/chain-refused/)
  expect(on.engine.devices().some((device) => device.id === spy.id)).toBe(false)
  on.liar.lie = {}
  await on.reopen()
  await isOpen(on.engine, id)
  await until(on.engine, (each) => each.outbox().length === 1)
  await say(on.ada, id, 'two')
  await until(on.engine, (each) => shown(each, id).includes('two'))
})

test('S70: an entry that lets somebody in and is signed by keys that the server made up lets nobody in', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const carl = await RawMember.begin(await on.person('carl'))
  const spy = deviceKeys(primitives, on.ada.id, 'person')
  const spysList = beginList({ primitives, accountKey: primitives.signingKey(), at: 1 }, spy)
  for (const head of ['of the account', 'of its own list'] as const) {
    const { entries } = await on.ada.person.api.sealed.chain.query({ conversationId: id })
    const last = fromText(entries.at(-1)?.entry ?? '')
    const { index, authorHead } = readChainEntry(last)
    const forged = signedUnder(
      'chain',
      spy.signing,
      writeChainEntry({
        conversationId: id,
        index: index + 1,
        previous: primitives.hash(last),
        at: 1,
        authorId: on.ada.id,
        authorHead: head === 'of the account' ? authorHead : headOf(spysList.list),
        deviceId: spy.id,
        change: { op: 'add', members: [{ accountId: carl.id, head: carl.author.head }], epoch: null },
      }),
    )
    on.liar.lie = {
      chain: (page) => ({
        ...page,
        entries: page.entries.map((each) =>
          each.index <= index ? each : { ...each, entry: toText(forged) },
        ),
      }),
      entry: (entry) => (entry.kind === 'chain' ? [{ ...entry, entry: toText(forged) }] : [entry]),
      // The made-up list is shown where it is asked for.
      lists: (page) => ({
        lists: page.lists.map((each) =>
          each.accountId === on.ada.id && each.entries.length === 0
            ? { ...each, identity: spysList.list.identity, entries: [toText(spysList.entry)] }
            : each,
        ),
      }),
    }
    // Something true happens, in whose place the server shows its own.
    const history = head === 'of the account' ? 'joining' : 'everything'
    await did(on.ada.engine, { kind: 'set-history', conversationId: id, history })
    await until(on.engine, (each) => each.conversation(id)?.sealing?.state === 'broken')
    await on.engine.loadMembers(id)
    expect(on.engine.members(id).members.some(({ accountId }) => accountId === carl.id)).toBe(false)
    on.liar.lie = {}
    await on.reopen()
    await until(on.engine, (each) => each.conversation(id)?.sealing?.history === history)
  }
})

test('S70: a key that is none of the chain’s is not taken, neither from a stranger nor from a member', async () => {
  await using on = await lyingStage()
  const carl = await RawMember.begin(await on.person('carl'))
  const eve = await RawMember.begin(await on.person('mallory'))
  // Nothing true comes through: ben lacks the key, and is offered others.
  let offered: string[] = []
  on.liar.lie = {
    grants: (page) => ({
      next: null,
      grants: page.grants.slice(0, 1).flatMap((each) => offered.map((grant) => ({ ...each, grant }))),
    }),
    entry: (entry): Entry[] => (entry.kind === 'grants' ? [{ ...entry, grants: offered }] : [entry]),
  }
  const id = await sealedGroup(on.ada, [
    { ...on.ada, ...on.ben },
    { ...on.ada, id: carl.id },
  ])
  await isOpen(on.ada.engine, id)
  const { chain } = await carl.read(id)
  const { lists } = carl
  const bens = [...lists.values()].find(({ accountId }) => accountId === on.ben.id)
  const [device] = bens ? devicesOf(bens) : []
  if (!device) throw new Error('Ben has a device')
  const keyring = new Keyring(primitives, id)
  const wrong = newEpochKey(primitives, id, 0)
  const held = { ...chain, epochs: chain.epochs.map((epoch) => ({ ...epoch, commitment: wrong.commitment })) }
  keyring.hold(wrong)
  const to = [{ accountId: on.ben.id, deviceId: device.id, sealing: device.sealing }]
  for (const { keys } of [carl, eve]) {
    const grants = await sealGrants({ hpke, chain: held, keyring, keys, at: 1 }, to, { first: 0, last: 0 })
    offered.push(...grants.map(toText))
  }
  expect(new Set(offered.map((grant) => readGrant(fromText(grant)).granterId)).size).toBe(2)
  await say(on.ada, id, 'one')
  await on.reopen()
  await sees(on.engine, id, ['closed: no-grant-yet'])
  offered = []
  on.liar.lie = {}
  await on.reopen()
  await sees(on.engine, id, ['one'])
})

test('S70: ciphertexts that are swapped between messages or conversations show as neither', async () => {
  await using on = await lyingStage()
  const [id, other] = [await on.group(), await on.group()]
  await say(on.ada, id, 'two')
  await say(on.ada, id, 'three')
  await sees(on.engine, id, ['one', 'two', 'three'])
  const inOther = await on.ada.person.api.messages.page.query({ conversationId: other })
  // Of messages that were read already, what was read stands.
  const swapped = (messages: readonly Message[]): Message[] => {
    const sealed = messages.map(bySealed)
    return messages.map((message, at) => ({
      ...message,
      content: { kind: 'sealed', sealed: sealed[(at + 1) % sealed.length] ?? '' },
    }))
  }
  on.liar.lie = { page: (page) => ({ ...page, messages: swapped(page.messages) }) }
  await on.engine.fill(id, { kind: 'newest' })
  expect(shown(on.engine, id)).not.toContain('pay')
  const readThen = shown(on.engine, id)
  for (const [at, text] of ['one', 'two', 'three'].entries())
    expect([text, 'closed: bad-signature', 'closed: tampered', 'closed: replayed']).toContain(readThen[at])
  // Of messages that come anew, none shows as another.
  on.liar.lie = {
    entry: (entry) => {
      if (entry.kind !== 'message') return [entry]
      const [foreign] = inOther.messages
      if (foreign?.content.kind !== 'sealed') return [entry]
      return [{ ...entry, message: { ...entry.message, content: foreign.content } }]
    },
  }
  await say(on.ada, id, 'four')
  await until(on.engine, (each) => shown(each, id).length === 4)
  expect(shown(on.engine, id).at(-1)).toMatch(
    /^closed: (bad-signature|tampered|chain-broken|epoch-unknown|malformed)$/,
  )
})

test('S70: a member who helps the server to show two chains is caught by the next word of who was shown the other', async () => {
  await using on = await lyingStage()
  const carl = await RawMember.begin(await on.person('carl'))
  const id = await sealedGroup(on.ada, [
    { ...on.ada, ...on.ben },
    { ...on.ada, id: carl.id },
  ])
  await say(on.ada, id, 'one')
  await sees(on.engine, id, ['one'])
  await did(on.ada.engine, { kind: 'set-role', conversationId: id, accountId: carl.id, role: 'admin' })
  await isOpen(on.engine, id)
  const { chain } = await carl.read(id)
  const invite = primitives.signingKey()
  const shownToAda = signEntry(carl.author, id, chain, {
    op: 'invite',
    invite: invite.publicKey,
    until: Date.now() + 1e9,
  })
  const shownToBen = signEntry(carl.author, id, chain, {
    op: 'policy',
    joinPolicy: 'closed',
    history: 'joining',
  })
  const index = readChainEntry(shownToAda).index
  on.liar.lie = {
    chain: (page) => ({
      ...page,
      entries: page.entries.map((each) =>
        each.index === index ? { ...each, entry: toText(shownToBen) } : each,
      ),
    }),
    entry: (entry) =>
      entry.kind === 'chain' && entry.index === index ? [{ ...entry, entry: toText(shownToBen) }] : [entry],
  }
  await carl.person.api.sealed.append.mutate({ conversationId: id, entries: [toText(shownToAda)] })
  // Ben believes it: it is signed as it should be.
  await until(on.engine, (each) => each.conversation(id)?.sealing?.history === 'joining')
  await say(on.ada, id, 'two')
  await sees(on.engine, id, ['one', 'closed: chain-broken'])
  await until(on.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'lied'))
  expect(on.engine.sealedNotices(id).at(-1)).toMatchObject({ kind: 'lied', cause: 'chain-broken' })
  // And so does ada, by the next word of ben, which a server that tells the truth would not take.
  on.liar.lie.send = (message) =>
    on.server.chat.db.write((tx) =>
      tx.messages.insert({
        conversationId: id,
        authorId: on.ben.id,
        clientMessageId: ClientMessageId.parse(message.clientMessageId),
        sentAt: Date.now(),
        content: message.content,
      }),
    )
  await did(on.engine, { kind: 'send', conversationId: id, content: { kind: 'plain', text: 'three' } })
  await sees(on.ada.engine, id, ['one', 'two', 'closed: chain-broken'])
  await until(on.ada.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'lied'))
})
