import { MessageId } from '@parley/domain/ids'
import {
  httpApi,
  makeGroup,
  newClientMessageId,
  signUp,
  socketApi,
  type TestPerson,
} from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Program } from './program.ts'
import { refusalOf } from './refusal.ts'

const someone = async (server: { readonly url: string }, username: string) => {
  const person = await signUp(server, { username })
  return { person, program: await Program.begin(person) }
}

/** A second device of somebody, signed in by itself. */
async function another(server: { readonly url: string }, person: TestPerson): Promise<TestPerson> {
  const { username, password } = person
  const { token, sessionId } = await httpApi(server.url).account.signIn.mutate({ username, password })
  const { api, close } = socketApi(server.url, token)
  const http = httpApi(server.url, token)
  return { ...person, token, sessionId, api, http, close, [Symbol.asyncDispose]: close }
}

test('P8: what is said in a sealed group is opened by its members, and by who was added since', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const eve = await someone(server, 'eve')
  const id = await makeGroup(ada.person, [ben.person])
  const adas = await ada.program.seal(id)
  await ada.program.send(adas, 'a secret')
  const bens = await ben.program.read(id)
  expect(await ben.program.texts(bens)).toEqual(['a secret'])

  const ref = await ada.program.refOf(eve.person.account.id)
  await ada.program.append(adas, () => ({ op: 'add', members: [ref], epoch: null }))
  await ada.program.grant(adas, 0)
  const eves = await eve.program.read(id)
  expect(await eve.program.texts(eves)).toEqual(['a secret'])
  expect((await eve.person.api.conversations.get.query({ conversationId: id })).conversation.sealed).toBe(
    true,
  )
  for (const each of [ada, ben, eve]) await each.person.close()
})

test('P6, P8: who was removed is out of the group with the entry that says so, and cannot read what follows', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const id = await makeGroup(ada.person, [ben.person])
  const adas = await ada.program.seal(id)
  const bens = await ben.program.read(id)
  await ada.program.append(adas, (epoch) => ({
    op: 'remove',
    accountIds: [ben.person.account.id],
    epoch,
    heads: [],
  }))
  expect(await refusalOf(ben.program.send(bens, 'still here'))).toBe('not-a-member')
  expect(await refusalOf(ben.person.api.sealed.chain.query({ conversationId: id }))).toBe('not-a-member')
  await ada.program.send(adas, 'without ben')
  const { members } = await ada.person.api.conversations.members.query({ conversationId: id })
  expect(members.map(({ accountId }) => accountId)).toEqual([ada.person.account.id])
  for (const each of [ada, ben]) await each.person.close()
})

test('P9: the members of a group with a chain change by the chain alone', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const eve = await someone(server, 'eve')
  const id = await makeGroup(ada.person, [ben.person])
  await ada.program.seal(id)
  const { conversations } = ada.person.api
  const ofBen = { conversationId: id, accountId: ben.person.account.id }
  const plain = [
    conversations.addMembers.mutate({ conversationId: id, accountIds: [eve.person.account.id] }),
    conversations.removeMember.mutate(ofBen),
    conversations.setRole.mutate({ ...ofBen, role: 'admin' }),
    conversations.handOver.mutate(ofBen),
    conversations.setJoinPolicy.mutate({ conversationId: id, joinPolicy: 'open' }),
  ]
  for (const each of plain) expect(await refusalOf(each)).toBe('chain-needed')
  for (const each of [ada, ben, eve]) await each.person.close()
})

test('P9: of two entries for one place the first is taken, and nothing of the second', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const eve = await someone(server, 'eve')
  const id = await makeGroup(ada.person, [ben.person])
  const adas = await ada.program.seal(id)
  const role = { op: 'role', accountId: ben.person.account.id, role: 'admin' } as const
  const first = await ada.program.sign(id, adas.chain, role)
  const ref = await ada.program.refOf(eve.person.account.id)
  const second = await ada.program.sign(id, adas.chain, { op: 'add', members: [ref], epoch: null })
  const { append } = ada.person.api.sealed
  const taken = await append.mutate({ conversationId: id, entries: [first] })
  expect(await refusalOf(append.mutate({ conversationId: id, entries: [second] }))).toBe('head-moved')
  // Brought once more, it is there, and nothing happens twice (P2).
  expect(await append.mutate({ conversationId: id, entries: [first] })).toEqual(taken)
  const { members } = await ada.person.api.conversations.members.query({ conversationId: id })
  expect(members.length).toBe(2)
  for (const each of [ada, ben, eve]) await each.person.close()
})

test('P9: who may not change the chain is told why, and changes nothing', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const eve = await someone(server, 'eve')
  const id = await makeGroup(ada.person, [ben.person])
  const { chain } = await ada.program.seal(id)
  const ref = await ben.program.refOf(eve.person.account.id)
  await ben.program.read(id)
  const byMember = await ben.program.sign(id, chain, { op: 'add', members: [ref], epoch: null })
  const append = (who: { person: TestPerson }, entry: string) =>
    refusalOf(who.person.api.sealed.append.mutate({ conversationId: id, entries: [entry] }))
  expect(await append(ben, byMember)).toBe('chain-refused not-permitted')
  expect(await append(eve, await eve.program.signJoin(id))).toBe('join-policy')
  const forged = `${byMember.slice(0, -4)}AAAA`
  expect(await append(ben, forged)).toBe('chain-refused bad-signature')
  expect(await append(ben, 'AAAA')).toBe('invalid-input')
  expect((await ada.person.api.sealed.chain.query({ conversationId: id })).entries.length).toBe(1)
  for (const each of [ada, ben, eve]) await each.person.close()
})

test('an open group is joined by one’s own entry, and nothing more is sealed before an epoch has begun', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const eve = await someone(server, 'eve')
  const id = await makeGroup(ada.person)
  await ada.person.api.conversations.setJoinPolicy.mutate({ conversationId: id, joinPolicy: 'open' })
  const adas = await ada.program.seal(id, { joinPolicy: 'open', history: 'joining' })
  await ada.program.send(adas, 'before')
  await eve.person.api.sealed.append.mutate({ conversationId: id, entries: [await eve.program.signJoin(id)] })
  expect(await refusalOf(ada.program.send(adas, 'too early'))).toBe('epoch-outdated')
  await ada.program.listOf(eve.person.account.id)
  adas.chain = (await ada.program.read(id, adas.keyring)).chain
  await ada.program.append(adas, (epoch) => ({ op: 'epoch', epoch, heads: [] }))
  await ada.program.send(adas, 'after')
  const eves = await eve.program.read(id)
  const { messages } = await eve.person.api.messages.page.query({ conversationId: id })
  const [before, after] = messages
  if (!before || !after) throw new Error('There are two messages')
  expect(() => eve.program.open(eves, before)).toThrow(expect.objectContaining({ kind: 'not-entitled' }))
  expect(eve.program.open(eves, after)).toBe('after')
  for (const each of [ada, eve]) await each.person.close()
})

test('a device that is revoked is signed out, and what it seals is refused', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const person = await another(server, ada.person)
  const lost = await ada.program.takeIn(person)
  const id = await makeGroup(ada.person)
  const adas = await ada.program.seal(id)
  const losts = await lost.read(id)
  await lost.send(losts, 'from the other device')
  await ada.program.revoke(lost.keys)
  expect(await refusalOf(person.http.account.me.query())).toBe('signed-out')
  expect(await refusalOf(ada.person.api.messages.send.mutate(lost.sealText(losts, 'by the thief')))).toBe(
    'device-unknown',
  )
  expect(await ada.program.texts(adas)).toEqual(['from the other device'])
  await person.close()
  await ada.person.close()
})

test('the session of a device does not pass for that of another one, to stay signed in', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const person = await another(server, ada.person)
  const lost = await ada.program.takeIn(person)
  const pass = person.http.devices.use.mutate({ deviceId: ada.program.keys.id })
  expect(await refusalOf(pass)).toBe('device-unknown')
  // It says again which it is, with every connection.
  await person.http.devices.use.mutate({ deviceId: lost.keys.id })
  await ada.program.revoke(lost.keys)
  expect(await refusalOf(person.http.account.me.query())).toBe('signed-out')
  await person.close()
  await ada.person.close()
})

test('P8: nothing is sealed after a revocation before the chain names it, so that the device reads nothing of it', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const lost = await ben.program.takeIn(await another(server, ben.person))
  const id = await makeGroup(ada.person, [ben.person])
  const adas = await ada.program.seal(id)
  await ben.program.revoke(lost.keys)
  expect(await refusalOf(ada.program.send(adas, 'too early'))).toBe('epoch-outdated')
  // An epoch that does not name the revocation gives the device its key as well.
  await ada.program.append(adas, (epoch) => ({ op: 'epoch', epoch, heads: [] }))
  expect(await refusalOf(ada.program.send(adas, 'still too early'))).toBe('epoch-outdated')
  const heads = [await ada.program.refOf(ben.person.account.id)]
  await ada.program.append(adas, (epoch) => ({ op: 'epoch', epoch, heads }))
  await ada.program.send(adas, 'without the lost one')
  const bens = await ben.program.read(id)
  expect(await ben.program.texts(bens)).toEqual(['without the lost one'])
  await lost.person.close()
  for (const each of [ada, ben]) await each.person.close()
})

test('P8: a bad grant of one device does not keep out the good one of another', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const eve = await someone(server, 'eve')
  const id = await makeGroup(ada.person, [ben.person, eve.person])
  const adas = await ada.program.seal(id, { grant: false })
  await ada.program.send(adas, 'a secret')
  await eve.program.giveAnything(await eve.program.read(id), ben.program)
  await ada.program.grant(adas, 0)
  expect(await ben.program.texts(await ben.program.read(id))).toEqual(['a secret'])
  for (const each of [ada, ben, eve]) await each.person.close()
})

test('P8: a session that speaks for no device neither seals, grants nor asks for keys', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const id = await makeGroup(ada.person)
  const adas = await ada.program.seal(id)
  await using stranger = await another(server, ada.person)
  expect(await refusalOf(stranger.api.messages.send.mutate(ada.program.sealText(adas, 'hello')))).toBe(
    'device-unknown',
  )
  const ask = { conversationId: id, firstEpoch: 0, lastEpoch: 0 }
  expect(await refusalOf(stranger.api.sealed.requestKeys.mutate(ask))).toBe('device-unknown')
  expect(await refusalOf(stranger.api.sealed.grants.query({}))).toBe('device-unknown')
  await ada.person.close()
})

test('P8: content that names an entry which the chain does not have, or one before its epoch, is refused, and an older one of the epoch is taken', async () => {
  await using server = await startServer()
  const ada = await someone(server, 'ada')
  const ben = await someone(server, 'ben')
  const id = await makeGroup(ada.person, [ben.person])
  const adas = await ada.program.seal(id)
  await ada.program.append(adas, (epoch) => ({ op: 'epoch', epoch, heads: [] }))
  await ada.program.append(adas, () => ({ op: 'policy', joinPolicy: 'closed', history: 'joining' }))
  const { chain } = adas
  const [first = '', begun = '', newest = ''] = chain.hashes
  const naming = (hashes: readonly string[]) => ({ ...adas, chain: { ...chain, hashes: [...hashes] } })
  const untrue = {
    'past its end': [first, begun, newest, first],
    'of another chain': [first, begun, first],
    'before its epoch': [first],
  }
  for (const [why, hashes] of Object.entries(untrue)) {
    expect([why, await refusalOf(ada.program.send(naming(hashes), why))]).toEqual([why, 'head-moved'])
  }
  await ada.program.send(naming([first, begun]), 'known a while ago')
  const sent = await ada.program.send(adas, 'known now')
  const conversationId = id
  const edit = (held: typeof adas) => {
    const { content } = ada.program.sealText(held, 'edited', newClientMessageId(), 1)
    return ada.person.api.messages.edit.mutate({
      conversationId,
      messageId: MessageId.parse(sent.messageId),
      content,
    })
  }
  expect(await refusalOf(edit(naming(untrue['of another chain'])))).toBe('head-moved')
  expect(await refusalOf(edit(adas))).toBe('done')
  const bens = await ben.program.read(id)
  const { messages } = await ben.person.api.messages.page.query({ conversationId })
  const [older, ...others] = messages
  if (!older) throw new Error('There is a message')
  expect(others).toHaveLength(1)
  expect(ben.program.open(bens, older)).toBe('known a while ago')
  for (const each of [ada, ben]) await each.person.close()
})
