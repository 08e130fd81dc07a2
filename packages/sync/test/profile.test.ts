import { expect, test } from 'vitest'
import { settled, until } from './devices.ts'
import { stage } from './stage.ts'

test('S10: a change of the profile is shown while it waits, of oneself and among people, also after a restart', async () => {
  await using on = await stage()
  const { account } = on.ada
  await until(on.engine, (each) => each.person(account.id))
  await on.goOffline()
  const topics = new Set<string>()
  using _ = on.engine.onChange((touched) => touched.forEach((topic) => topics.add(topic)))
  on.engine.act({ kind: 'update-profile', profile: { displayName: 'Countess' } })
  on.engine.act({ kind: 'update-profile', profile: { lastName: 'King' } })
  await Promise.resolve()
  expect([...topics]).toEqual(expect.arrayContaining(['me', 'people']))
  const names = { username: account.username, displayName: 'Countess', lastName: 'King' }
  expect(on.engine.me()).toMatchObject(names)
  expect(on.engine.person(account.id)).toMatchObject(names)
  expect(on.engine.people().find(({ id }) => id === account.id)).toMatchObject(names)
  expect(on.engine.people().find(({ id }) => id === on.bob.account.id)).not.toMatchObject(names)

  await using again = await on.device.reopen()
  expect(again.engine.me()).toMatchObject(names)
  on.goOnline(again.engine)
  await settled(again.engine)
  expect(again.engine.me()).toMatchObject(names)
})

test('S16: a change of the profile that is refused is not shown any more', async () => {
  await using on = await stage()
  on.engine.act({ kind: 'update-profile', profile: { username: on.bob.username } })
  expect(on.engine.me()?.username).toBe(on.bob.username)
  await Promise.resolve()
  const topics = new Set<string>()
  using _ = on.engine.onChange((touched) => touched.forEach((topic) => topics.add(topic)))
  await until(on.engine, (each) => each.outbox()[0]?.state === 'refused')
  expect(on.engine.outbox()[0]).toMatchObject({ problem: { kind: 'username-taken' } })
  expect(on.engine.me()?.username).toBe(on.ada.username)
  await Promise.resolve()
  expect([...topics]).toEqual(expect.arrayContaining(['outbox', 'me', 'people']))
})
