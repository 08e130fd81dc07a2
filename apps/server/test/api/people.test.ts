import { presenceTickMs } from '@parley/domain/limits'
import { FakeClock } from '@parley/testkit/fake-clock'
import { afterAll, describe, expect, test } from 'vitest'
import { follow, refusal, type Someone, Stage } from './stage.ts'

const clock = new FakeClock()
const stage = await Stage.open({ clock })
afterAll(() => stage.close())
const operator = await stage.operator()

/** Resolves when the server has seen the last socket of somebody close. */
async function whenOffline({ id }: { id: Someone['id'] }) {
  for (;;) {
    const person = await operator.http.people.get.query({ accountId: id })
    if (!person.online) return person
  }
}

describe('people', () => {
  test('are listed by username, page by page, and nobody twice or left out', async () => {
    const usernames = ['page-a', 'Page-B', 'page-c', 'PAGE-D', 'page-e']
    const made = await Promise.all(
      usernames.map((username) => operator.http.admin.makeAccount.mutate({ username })),
    )
    const disabled = made[2]
    if (disabled) await operator.api.admin.setDisabled.mutate({ accountId: disabled.id, disabled: true })
    const seen: string[] = []
    let after: string | null = 'Page'
    for (let pages = 0; after !== null; pages += 1) {
      expect(pages).toBeLessThan(5)
      const page: Awaited<ReturnType<typeof operator.api.people.list.query>> =
        await operator.api.people.list.query({ after, limit: 2 })
      seen.push(...page.people.map(({ username }) => username))
      after = page.next
    }
    expect(seen.filter((username) => username.toLowerCase().startsWith('page-'))).toEqual([
      'page-a',
      'Page-B',
      'PAGE-D',
      'page-e',
    ])
  })

  test('are found by the beginnings of the words of their names and usernames, accents aside', async () => {
    const jose = await stage.person({ username: 'jgarcia', name: 'José', lastName: 'García Márquez' })
    const search = async (words: string, limit?: number) =>
      (await operator.api.people.search.query({ words, limit })).map(({ id }) => id)
    for (const words of ['jose', 'GARC', 'marquez jos', 'jgar', '  jgarcia ']) {
      expect(await search(words), words).toEqual([jose.id])
    }
    for (const words of ['osé', 'jose pérez', '%', '"', '*']) expect(await search(words), words).toEqual([])
    await operator.api.admin.setDisabled.mutate({ accountId: jose.id, disabled: true })
    expect(await search('jgarcia')).toEqual([])
    await Promise.all(['same-1', 'same-2', 'same-3'].map((username) => stage.person({ username })))
    expect(await search('same', 2)).toHaveLength(2)
  })

  test('P9: a search needs words, a page a size within its limit, and a person to be there', async () => {
    const { api } = operator
    const invalid = (field: string) => ({ kind: 'invalid-input', field })
    expect(await refusal(api.people.search.query({ words: ' ' }))).toEqual(invalid('words'))
    expect(await refusal(api.people.list.query({ limit: 201 }))).toEqual(invalid('limit'))
    expect(await refusal(api.people.list.query({ limit: 0 }))).toEqual(invalid('limit'))
    const unknown = api.people.get.query({ accountId: `a${'x'.repeat(15)}` })
    expect(await refusal(unknown)).toEqual({ kind: 'not-found', field: 'accountId' })
    const malformed = api.people.get.query({ accountId: 'somebody' })
    expect(await refusal(malformed)).toEqual(invalid('accountId'))
  })
})

describe('a profile', () => {
  test('is changed in part or whole, and everybody learns of it', async () => {
    const [ada, ben] = await Promise.all([stage.person(), stage.person()])
    using following = await follow(ben)
    const changed = await ada.api.account.updateProfile.mutate({
      displayName: 'Ada L.',
      lastName: 'Lovelace',
    })
    expect(changed).toEqual({ ...ada.account, displayName: 'Ada L.', lastName: 'Lovelace' })
    await following.until((each) => each.of('person').length > 0)
    const { operator: _, ownerId: __, hasPassword: ___, createdAt: ____, ...person } = changed
    expect(following.of('person')).toMatchObject([{ person }])
    expect(await ben.api.people.get.query({ accountId: ada.id })).toMatchObject(person)
    expect(await ada.api.account.updateProfile.mutate({})).toEqual(changed)
  })

  test('a new username is the one to sign in with, and frees the old one', async () => {
    const ada = await stage.person({ username: 'before' })
    await ada.api.account.updateProfile.mutate({ username: 'BEFORE' })
    await ada.api.account.updateProfile.mutate({ username: 'afterwards' })
    const { password } = ada
    const old = stage.anyone.account.signIn.mutate({ username: 'before', password })
    expect(await refusal(old)).toEqual({ kind: 'wrong-credentials' })
    const now = await stage.anyone.account.signIn.mutate({ username: 'afterwards', password })
    expect(now.account.id).toBe(ada.id)
    await stage.person({ username: 'before' })
  })

  test('P9: takes no username of another, and no name of two lines; what is refused changes nothing', async () => {
    const [ada, ben] = await Promise.all([stage.person(), stage.person()])
    const update = (change: Parameters<typeof ada.api.account.updateProfile.mutate>[0]) =>
      refusal(ada.api.account.updateProfile.mutate(change))
    expect(await update({ username: ben.username.toUpperCase(), name: 'Not kept' })).toEqual({
      kind: 'username-taken',
      field: 'username',
    })
    expect(await update({ displayName: '' })).toEqual({ kind: 'invalid-input', field: 'displayName' })
    expect(await update({ name: 'two\u2028lines' })).toEqual({ kind: 'invalid-input', field: 'name' })
    expect(await ada.api.account.me.query()).toEqual(ada.account)
  })
})

describe('presence', () => {
  test('somebody who connects is online within a tick, and offline within one of the last connection', async () => {
    const [ada, ben] = await Promise.all([stage.person(), stage.person()])
    using following = await follow(ada)
    clock.advance(presenceTickMs)
    const changesOf = () =>
      following.events
        .flatMap((event) => (event.kind === 'presence' ? event.changes : []))
        .filter(({ accountId }) => accountId === ben.id)
    expect(changesOf()).toEqual([])

    const cameAt = clock.now()
    await ben.api.account.me.query()
    const second = stage.socket(ben.token)
    await second.api.account.me.query()
    expect(await ada.api.people.get.query({ accountId: ben.id })).toMatchObject({
      online: true,
      lastSeenAt: cameAt,
    })
    clock.advance(presenceTickMs)
    await following.until(() => changesOf().length > 0)
    expect(changesOf()).toEqual([{ accountId: ben.id, online: true, lastSeenAt: cameAt }])

    clock.advance(1_000)
    await second.close()
    await ben.close()
    const leftAt = clock.now()
    expect(await whenOffline(ben)).toMatchObject({ online: false, lastSeenAt: leftAt })
    clock.advance(presenceTickMs)
    await following.until(() => changesOf().length > 1)
    expect(changesOf().at(-1)).toEqual({ accountId: ben.id, online: false, lastSeenAt: leftAt })
  })

  test('when somebody was last seen is known after a restart; whoever never connected was never seen', async () => {
    const [ada, ben] = await Promise.all([stage.person(), stage.person()])
    await ada.api.account.me.query()
    clock.advance(5_000)
    const leftAt = clock.now()
    await ada.close()
    await whenOffline(ada)
    const [again] = await stage.restart(operator)
    clock.advance(60_000)
    const lastSeen = async ({ id }: Someone) =>
      (await again.http.people.get.query({ accountId: id })).lastSeenAt
    expect(await lastSeen(ada)).toBe(leftAt)
    expect(await lastSeen(ben)).toBeNull()
  })

  test('a server that stops was the last to see who was there', async () => {
    const ada = await stage.person()
    await ada.api.account.me.query()
    clock.advance(5_000)
    await stage.restart()
    const ben = await stage.person()
    const seen = await ben.api.people.get.query({ accountId: ada.id })
    expect(seen).toMatchObject({ online: false, lastSeenAt: clock.now() })
  })
})
