import type { AppRouter } from '@parley/api/root'
import {
  callsPerAddress,
  joinPasswordTriesPerAccount,
  signInsPerAccount,
  signInsPerAddress,
  signUpsPerAddress,
  typingPerAccount,
} from '@parley/domain/limits'
import { createTRPCClient, httpLink } from '@trpc/client'
import { afterAll, describe, expect, test } from 'vitest'
import { checkedLink } from './checked-link.ts'
import { groupOf, refusal, refusalIn, Stage } from './stage.ts'

// A proxy in front says where its clients come from, so that one machine can be many addresses.
const stage = await Stage.open({ settings: { rateFactor: 1, trustedProxies: ['127.0.0.1'] } })
afterAll(() => stage.close())
const password = 'correct horse battery staple'

let addresses = 0
const newAddress = () => `192.0.2.${(addresses += 1)}`

const from = (address: string, token?: string) =>
  createTRPCClient<AppRouter>({
    links: [
      checkedLink,
      httpLink({
        url: `${stage.server.url}/trpc`,
        headers: {
          'x-forwarded-for': address,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
      }),
    ],
  })

const times = async <T>(count: number, call: () => Promise<T>): Promise<T[]> => {
  const answers: T[] = []
  for (let nth = 0; nth < count; nth += 1) answers.push(await call())
  return answers
}

const windowMs = ({ windowSeconds }: { windowSeconds: number }) => windowSeconds * 1_000

/** That it is refused for being too often, and says when it works again. */
async function expectLimited(call: Promise<unknown>, limit: { windowSeconds: number }) {
  const refused = await refusal(call)
  expect(refused).toEqual({ kind: 'rate-limited', retryAfterMs: expect.any(Number) })
  const wait = refused.retryAfterMs ?? 0
  expect(wait).toBeGreaterThan(0)
  expect(wait).toBeLessThanOrEqual(windowMs(limit))
}

const kindOf = async (call: Promise<unknown>) => (await refusal(call)).kind

describe('P5: how often one may', () => {
  test('guess at the password of an account is limited, from whatever address, and for it alone', async () => {
    const [ada, ben] = await Promise.all([stage.person(), stage.person()])
    const guess = (username: string) => from(newAddress()).account.signIn.mutate({ username, password })
    const kinds = await times(signInsPerAccount.points, () => kindOf(guess(ada.username)))
    expect(new Set(kinds)).toEqual(new Set(['wrong-credentials']))
    await expectLimited(guess(ada.username.toUpperCase()), signInsPerAccount)
    // Who knows the password waits as well: an answer would tell the guesser.
    const right = from(newAddress()).account.signIn.mutate({ username: ada.username, password: ada.password })
    await expectLimited(right, signInsPerAccount)
    const change = ada.api.account.changePassword.mutate({ current: ada.password, next: password })
    await expectLimited(change, signInsPerAccount)
    expect(await kindOf(guess(ben.username))).toBe('wrong-credentials')
  })

  test('a sign-in that succeeds does not count against the next', async () => {
    const ada = await stage.person()
    const { username } = ada
    const address = newAddress()
    const wrong = () => kindOf(from(address).account.signIn.mutate({ username, password }))
    await times(signInsPerAccount.points - 1, wrong)
    await from(address).account.signIn.mutate({ username, password: ada.password })
    const kinds = await times(signInsPerAccount.points, wrong)
    expect(new Set(kinds)).toEqual(new Set(['wrong-credentials']))
  })

  test('sign in from an address is limited, whoever it is that tries', async () => {
    const ada = await stage.person()
    const address = newAddress()
    // Calls of somebody signed in count by account, so that only the sign-ins count here.
    const api = from(address, ada.token)
    await times(signInsPerAddress.points, () =>
      kindOf(api.account.signIn.mutate({ username: 'the-same-one', password })),
    )
    await expectLimited(api.account.signIn.mutate({ username: 'another', password }), signInsPerAddress)
    const elsewhere = from(newAddress(), ada.token).account.signIn.mutate({ username: 'another', password })
    expect(await kindOf(elsewhere)).toBe('wrong-credentials')
  })

  test('sign up from an address is limited', async () => {
    const address = newAddress()
    const signUp = (from_ = address) =>
      from(from_).account.signUp.mutate({ username: 'somebody', password: 'password' })
    const kinds = await times(signUpsPerAddress.points, () => kindOf(signUp()))
    expect(new Set(kinds)).toEqual(new Set(['password-common']))
    await expectLimited(signUp(), signUpsPerAddress)
    expect(await kindOf(signUp(newAddress()))).toBe('password-common')
  })

  test('call without an account is limited by address, and an address of IPv6 is a whole network', async () => {
    await times(callsPerAddress.points, () => from('2001:db8::1').server.info.query())
    await expectLimited(from('2001:db8::ffff').server.info.query(), callsPerAddress)
    expect((await from('2001:db8:0:1::1').server.info.query()).name).toBe('Parley')
  })

  test('try the password of a group is limited by account', async () => {
    const [ada, eve, ben] = await Promise.all([stage.person(), stage.person(), stage.person()])
    const group = await groupOf(ada, [], { joinPolicy: 'password', password: 'open sesame' })
    const conversationId = group
    const guess = () => eve.api.conversations.join.mutate({ conversationId, password: 'open, barley' })
    await times(joinPasswordTriesPerAccount.points, () => kindOf(guess()))
    await expectLimited(guess(), joinPasswordTriesPerAccount)
    const joined = await ben.api.conversations.join.mutate({ conversationId, password: 'open sesame' })
    expect(joined.id).toBe(conversationId)
  })

  test('say that one is typing is limited by account', async () => {
    const [ada, ben] = await Promise.all([stage.person(), stage.person()])
    const conversationId = await groupOf(ada, [ben])
    await times(typingPerAccount.points, () => ada.api.messages.typing.mutate({ conversationId }))
    await expectLimited(ada.api.messages.typing.mutate({ conversationId }), typingPerAccount)
    await ben.api.messages.typing.mutate({ conversationId })
  })
})

describe('P5: the operator’s factor', async () => {
  const strict = await Stage.open({ settings: { rateFactor: 0.001, trustedProxies: ['127.0.0.1'] } })
  afterAll(() => strict.close())

  test('tightens every limit: sending, reacting and editing count together, searching by itself', async () => {
    const signUp = (address: string) =>
      createTRPCClient<AppRouter>({
        links: [httpLink({ url: `${strict.server.url}/trpc`, headers: { 'x-forwarded-for': address } })],
      }).account.signUp.mutate({ username: `strict-${address.at(-1)}`, password })
    const { api } = strict.socket((await signUp('192.0.2.1')).token)
    const { id: conversationId } = await api.conversations.makeGroup.mutate({ name: 'Strict' })
    const clientMessageId = crypto.randomUUID()
    const content = { kind: 'plain' as const, text: 'hello' }
    const { messageId } = await api.messages.send.mutate({ conversationId, clientMessageId, content })
    await api.messages.react.mutate({ conversationId, messageId, emoji: '👍', on: true })
    await api.messages.edit.mutate({ conversationId, messageId, content })
    const send = () => api.messages.send.mutate({ conversationId, clientMessageId, content })
    expect(await kindOf(send())).toBe('rate-limited')
    await api.messages.search.query({ words: 'hello' })
    expect(await kindOf(api.messages.search.query({ words: 'hello' }))).toBe('rate-limited')
    const other = strict.socket((await signUp('192.0.2.2')).token)
    await other.api.messages.search.query({ words: 'hello' })
  })

  test('calls of an account are limited over all its sessions', async () => {
    const api = createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${strict.server.url}/trpc`, headers: { 'x-forwarded-for': '192.0.2.3' } })],
    })
    const { token } = await api.account.signUp.mutate({ username: 'strict-3', password })
    const socket = strict.socket(token)
    const kinds = await times(21, async () =>
      socket.api.account.me.query().then(
        () => 'answered',
        (error: unknown) => refusalIn(error).kind,
      ),
    )
    expect(kinds.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'answered'))
    expect(kinds.at(-1)).toBe('rate-limited')
  })
})
