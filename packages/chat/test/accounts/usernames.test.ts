import { freeUsername } from '@parley/chat/accounts/identities'
import { Username } from '@parley/domain/accounts'
import { usernameCharsMax } from '@parley/domain/limits'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { person, testChat } from '../harness.ts'

const testing = await testChat()
afterAll(() => testing[Symbol.asyncDispose]())

const usernameFor = (wish: string) => testing.db.write((tx) => freeUsername(tx, wish))

describe('a username made of what somebody is called elsewhere', () => {
  test.for([
    ['Müller', 'Muller'],
    ['Ångström', 'Angstrom'],
    ['José García', 'Jose-Garcia'],
    ['ﬁnn', 'finn'],
    ['.hidden', 'hidden'],
    ['名前', 'user'],
    ['x', 'user-x'],
  ] as const)('%s is called %s', async ([wish, username]) => {
    expect(await usernameFor(wish)).toBe(username)
  })

  test('a number follows where it is taken, also by somebody who writes it in other letters', async () => {
    await person(testing, 'MULLER')
    await person(testing, 'muller-2')
    expect(await usernameFor('Müller')).toBe('Muller-3')
  })

  test('a number takes the place of what would make it too long', async () => {
    const long = 'm'.repeat(usernameCharsMax)
    await person(testing, long)
    expect(await usernameFor(long)).toBe(`${long.slice(0, -2)}-2`)
  })

  test('whatever the wish, a username comes of it', async () => {
    const wish = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.string())
    // One transaction for all, as each would wait for the disk.
    await testing.db.write(async (tx) => {
      for (const text of fc.sample(wish, 300)) {
        expect(Username.safeParse(await freeUsername(tx, text)).error, JSON.stringify(text)).toBeUndefined()
      }
    })
  })
})
