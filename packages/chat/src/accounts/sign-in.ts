import type { ChangePassword, SignedIn, SignIn } from '@parley/domain/accounts'
import { usernameKey } from '@parley/domain/accounts'
import { Refusal } from '@parley/domain/refusal'
import type { Actor, Caller } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import { endSessions, startSession } from './sessions.ts'

/** @throws Refusal `not-allowed` where people are known by another system alone. */
export function mayUsePasswords({ settings }: Chat): void {
  if (settings.passwords === 'off')
    throw new Refusal('not-allowed', 'Nobody signs in with a password on this server.')
}

const wrong = () => new Refusal('wrong-credentials', 'No account has this username and password.')

/**
 * The same answer, after the same work, for a username that nobody has and for a wrong password.
 * @throws Refusal `wrong-credentials`, `rate-limited`; `account-disabled` only to who knows the password; `not-allowed`
 * where passwords are off.
 */
export async function signIn(chat: Chat, caller: Caller, input: SignIn): Promise<SignedIn> {
  mayUsePasswords(chat)
  await chat.rates.take('sign-in-address', caller.address)
  await chat.rates.take('sign-in-account', usernameKey(input.username))
  const found = await chat.db.read.accounts.byUsername(input.username)
  const hash = found?.passwordHash ?? null
  const right = await chat.passwords.verify(input.password, hash)
  if (!found || !right || hash === null) throw wrong()
  if (found.disabled)
    throw new Refusal('account-disabled', 'This account is disabled: ask the operator of this server.')
  const better = chat.passwords.isOld(hash) ? await chat.passwords.hash(input.password) : null
  const signedIn = await chat.db.write(async (tx) => {
    const account = await tx.accounts.byId(found.id)
    // Disabled, or given another password, while the hash was computed.
    if (!account || account.disabled || account.passwordHash !== hash) throw wrong()
    if (better) await tx.accounts.update(account.id, { passwordHash: better })
    return startSession(tx, account, input.deviceName, chat.clock.now())
  })
  await chat.rates.forget('sign-in-account', usernameKey(input.username))
  return signedIn
}

const wrongCurrent = () =>
  new Refusal('wrong-credentials', 'This is not your current password.', { field: 'current' })

/**
 * Ends every other session of the account, as whoever knew the old password may hold one.
 * @throws Refusal `wrong-credentials`, `password-common`, `rate-limited`
 */
export async function changePassword(chat: Chat, actor: Actor, input: ChangePassword): Promise<void> {
  const account = await chat.db.read.accounts.byId(actor.accountId)
  if (!account) throw new Refusal('not-found', 'This account is gone.')
  await chat.rates.take('sign-in-account', usernameKey(account.username))
  if (!(await chat.passwords.verify(input.current, account.passwordHash))) throw wrongCurrent()
  await refuseCommonPassword(input.next, account.username, 'next')
  const passwordHash = await chat.passwords.hash(input.next)
  await chat.db.write(async (tx) => {
    // Reset, or changed elsewhere, while the hashes were computed: whoever knew the old password lost the account.
    const now = await tx.accounts.byId(actor.accountId)
    if (now?.passwordHash !== account.passwordHash) throw wrongCurrent()
    await tx.accounts.update(actor.accountId, { passwordHash })
    await endSessions(tx, actor.accountId, actor.sessionId)
  })
}
