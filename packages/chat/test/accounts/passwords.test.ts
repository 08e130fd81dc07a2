import { makeAccount } from '@parley/chat/accounts/operator'
import { changePassword, signIn } from '@parley/chat/accounts/sign-in'
import { describe, expect, test } from 'vitest'
import { testChat, type TestChat } from '../harness.ts'

const caller = { address: '192.0.2.1' }
const password = 'correct horse battery staple'
const ofThief = { username: 'ada', password, deviceName: 'Of a thief' }
const refused = (kind: string, field?: string) => ({ kind, detail: field === undefined ? {} : { field } })

/** An account, and a way to give it another password at once: what a reset does, without the time to hash. */
async function ada({ chat }: TestChat) {
  const { id } = await makeAccount(chat, {
    username: 'ada',
    password,
    name: '',
    lastName: '',
    operator: false,
  })
  const hashOf = async () => (await chat.db.read.accounts.byId(id))?.passwordHash ?? ''
  const reset = (passwordHash: string) => chat.db.write((tx) => tx.accounts.update(id, { passwordHash }))
  return { id, hashOf, reset, resetHash: await chat.passwords.hash('what the operator gave') }
}

describe('P6: a reset of the password while the old one is being checked', () => {
  test('is not undone by a change that knew the old one', async () => {
    await using testing = await testChat()
    const { chat } = testing
    const { id, hashOf, reset, resetHash } = await ada(testing)
    const { sessionId } = await signIn(chat, caller, ofThief)
    const thief = { accountId: id, sessionId, operator: false }
    const changing = changePassword(chat, thief, { current: password, next: 'what the thief would like' })
    const [changed] = await Promise.allSettled([changing, reset(resetHash)])
    expect(changed).toMatchObject({ reason: refused('wrong-credentials', 'current') })
    expect(await hashOf()).toBe(resetHash)
  })

  test('lets nobody in who signs in with the old one', async () => {
    await using testing = await testChat()
    const { chat } = testing
    const { id, reset, resetHash } = await ada(testing)
    const [signedIn] = await Promise.allSettled([signIn(chat, caller, ofThief), reset(resetHash)])
    expect(signedIn).toMatchObject({ reason: refused('wrong-credentials') })
    expect(await chat.db.read.sessions.ofAccount(id)).toEqual([])
  })
})
