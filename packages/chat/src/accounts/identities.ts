import { randomInt } from 'node:crypto'
import type { AccountRow, Writing } from '@parley/db/stores'
import type { SignedIn } from '@parley/domain/accounts'
import { usernameCharsMax, usernameCharsMin } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Chat } from '../chat.ts'
import { startSession } from './sessions.ts'
import { addAccount, admitNewAccount, blankAccount } from './sign-up.ts'

/** Somebody whom another system vouches for: an OpenID Connect issuer, or the web application that Parley stands beside. */
export interface Identity {
  issuer: string
  subject: string
  /** What the person might be called here; made to fit, and numbered where it is taken. */
  username: string
  displayName: string
  name: string
  lastName: string
}

/**
 * Signs the identity's account in, and makes the account when it is first seen.
 * @param admitted whether a new account needs no further permission (the bridge: the host application decides).
 * @throws Refusal `account-disabled`; for a new account as `admitNewAccount`.
 */
export async function signInByIdentity(
  chat: Chat,
  identity: Identity,
  options: { deviceName: string; invite?: string | undefined; admitted: boolean },
): Promise<SignedIn> {
  return chat.db.write(async (tx) => {
    const now = chat.clock.now()
    const known = await tx.accounts.byIdentity(identity.issuer, identity.subject)
    if (known) {
      if (known.disabled) throw disabled()
      return startSession(tx, known, options.deviceName, now)
    }
    const { operator } = options.admitted
      ? { operator: false }
      : await admitNewAccount(chat, tx, options.invite)
    const account = { ...(await accountFor(tx, identity, now)), operator }
    await addAccount(tx, account)
    await tx.accounts.linkIdentity(account.id, identity.issuer, identity.subject)
    return startSession(tx, account, options.deviceName, now)
  })
}

/** As `signInByIdentity`, for programs that make their accounts themselves: null when the identity has none yet. */
export async function signInKnownIdentity(
  chat: Chat,
  identity: Pick<Identity, 'issuer' | 'subject'>,
  deviceName: string,
): Promise<SignedIn | null> {
  return chat.db.write(async (tx) => {
    const known = await tx.accounts.byIdentity(identity.issuer, identity.subject)
    if (!known) return null
    if (known.disabled) throw disabled()
    return startSession(tx, known, deviceName, chat.clock.now())
  })
}

/**
 * Makes the account of an identity under a username that it chose, once.
 * @throws Refusal `username-taken`, also when the identity has its account already; and as `admitNewAccount`.
 */
export async function makeAccountOfIdentity(
  chat: Chat,
  identity: Identity,
  username: string,
  deviceName: string,
): Promise<SignedIn> {
  return chat.db.write(async (tx) => {
    const now = chat.clock.now()
    const known = await tx.accounts.byIdentity(identity.issuer, identity.subject)
    if (known) throw new Refusal('username-taken', `You have an account already: "${known.username}".`)
    const { operator } = await admitNewAccount(chat, tx, undefined)
    const { displayName, name, lastName } = identity
    const account = {
      ...blankAccount(username, now),
      displayName: displayName || username,
      name,
      lastName,
      operator,
    }
    await addAccount(tx, account)
    await tx.accounts.linkIdentity(account.id, identity.issuer, identity.subject)
    return startSession(tx, account, deviceName, now)
  })
}

const disabled = () =>
  new Refusal('account-disabled', 'This account is disabled: ask the operator of this server.')

async function accountFor(tx: Writing, identity: Identity, now: number): Promise<AccountRow> {
  const username = await freeUsername(tx, identity.username)
  return {
    ...blankAccount(username, now),
    displayName: identity.displayName || username,
    name: identity.name,
    lastName: identity.lastName,
  }
}

/**
 * The wish as a username that nobody has: accents go, other foreign characters become dashes, and a number follows
 * where it is taken.
 */
export async function freeUsername(tx: Pick<Writing, 'accounts'>, wish: string): Promise<string> {
  const plain = wish
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, usernameCharsMax)
  const base = plain.length >= usernameCharsMin ? plain : `user-${plain}`.replace(/-$/, '')
  if (!(await tx.accounts.byUsername(base))) return base
  for (let attempt = 2; ; attempt += 1) {
    // A popular name is not counted through: after a few numbers, chance finds a free one sooner.
    const suffix = attempt < 10 ? `-${attempt}` : `-${randomInt(1_000_000)}`
    const numbered = base.slice(0, usernameCharsMax - suffix.length) + suffix
    if (!(await tx.accounts.byUsername(numbered))) return numbered
  }
}
