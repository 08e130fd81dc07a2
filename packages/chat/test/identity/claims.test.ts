import { identityFrom, lineFrom, saysName, usernameFrom } from '@parley/chat/identity/claims'
import { Profile } from '@parley/domain/accounts'
import { nameCharsMax } from '@parley/domain/limits'
import { lineOf } from '@parley/domain/text'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const identity = (claims: Record<string, unknown>) =>
  identityFrom('https://issuer.example', 'subject-1', claims)

describe('what a person is called by their claims', () => {
  test('the preferred username is the first wish, then the part of the e-mail address before the @, then the name', () => {
    const claims = { preferred_username: 'ann', email: 'a.lovelace@example.org', name: 'Ann Lovelace' }
    expect(identity(claims).username).toBe('ann')
    expect(identity({ ...claims, preferred_username: undefined }).username).toBe('a.lovelace')
    expect(identity({ name: claims.name }).username).toBe('Ann-Lovelace')
    expect(identity({ given_name: 'Ann' }).username).toBe('Ann')
    expect(identity({}).username).toBe('')
  })

  test('a preferred username that is an e-mail address gives the part before the @', () => {
    expect(identity({ preferred_username: 'ann@example.org' }).username).toBe('ann')
  })

  test('a wish of which nothing can be kept makes room for the next', () => {
    expect(identity({ preferred_username: '名前', email: 'namae@example.org' }).username).toBe('namae')
    expect(identity({ preferred_username: 42, name: 'Ann' }).username).toBe('Ann')
  })

  test('letters lose their accents and keep their places', () => {
    expect(usernameFrom('Zoë Müller')).toBe('Zoe-Muller')
    expect(usernameFrom('..José__')).toBe('Jose')
  })

  test('the display name is the full name, or else is put together', () => {
    expect(identity({ name: 'Ann L.', given_name: 'Ann', family_name: 'Lovelace' })).toMatchObject({
      displayName: 'Ann L.',
      name: 'Ann',
      lastName: 'Lovelace',
    })
    expect(identity({ given_name: 'Ann', family_name: 'Lovelace' }).displayName).toBe('Ann Lovelace')
    expect(identity({ family_name: 'Lovelace' }).displayName).toBe('Lovelace')
  })

  test('the identity is issuer and subject, whatever the e-mail address says', () => {
    const claims = { email: 'ann@example.org', email_verified: true }
    const one = identityFrom('https://issuer.example', 'subject-1', claims)
    const other = identityFrom('https://issuer.example', 'subject-2', claims)
    expect([one.issuer, one.subject]).toEqual(['https://issuer.example', 'subject-1'])
    expect(other.subject).toBe('subject-2')
    expect(Object.values(one)).not.toContain('ann@example.org')
  })

  test('claims say a name when any of those that hold one does', () => {
    expect(saysName({ sub: 'subject-1', iat: 1 })).toBe(false)
    expect(saysName({ name: ' ', email: 7 })).toBe(false)
    expect(saysName({ family_name: 'Lovelace' })).toBe(true)
  })

  test('whatever an issuer puts into its claims, names come out that an account may have', () => {
    const claim = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string(), fc.jsonValue())
    const claims = fc.record({
      preferred_username: claim,
      email: claim,
      name: claim,
      given_name: claim,
      family_name: claim,
    })
    fc.assert(
      fc.property(claims, (given) => {
        const { displayName, name, lastName, username } = identity(given)
        expect(Profile.shape.name.parse(name)).toBe(name)
        expect(Profile.shape.lastName.parse(lastName)).toBe(lastName)
        expect(lineOf(nameCharsMax).parse(displayName)).toBe(displayName)
        expect(username).toMatch(/^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/)
      }),
    )
  })

  test('a name is cut where it gets too long, and never through a character', () => {
    const cut = lineFrom(`${'a'.repeat(nameCharsMax - 1)}😀😀`, nameCharsMax)
    expect(cut).toBe('a'.repeat(nameCharsMax - 1))
    expect(lineFrom(`one\r\ntwo\u0000\u2028 three`, nameCharsMax)).toBe('one two three')
  })
})
