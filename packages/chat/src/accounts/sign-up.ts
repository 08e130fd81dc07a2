import type { AccountRow, Writing } from '@parley/db/stores'
import type { SignedIn, SignUp } from '@parley/domain/accounts'
import { Refusal } from '@parley/domain/refusal'
import { everybody } from '@parley/db/stores'
import type { Caller } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { hashSecret, newAccountId } from '../secrets.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import { startSession } from './sessions.ts'
import { mayUsePasswords } from './sign-in.ts'
import { personOf } from './wire.ts'

export const blankAccount = (username: string, now: number): AccountRow => ({
  id: newAccountId(),
  username,
  displayName: username,
  name: '',
  lastName: '',
  bot: false,
  disabled: false,
  operator: false,
  ownerId: null,
  hasPassword: false,
  createdAt: now,
  passwordHash: null,
  lastSeenAt: null,
})

/** What an account is called when it does not say: by its names, or else its username. */
export const displayNameOf = (input: {
  username: string
  displayName?: string | undefined
  name: string
  lastName: string
}) => input.displayName || `${input.name} ${input.lastName}`.trim() || input.username

/** Stores a new account and tells everybody. @throws Refusal `username-taken` */
export async function addAccount(tx: Writing, account: AccountRow): Promise<void> {
  await tx.accounts.insert(account)
  await tx.log.append(everybody, { kind: 'person', person: personOf(account) })
}

/**
 * Whether somebody may make an account now, by the server's policy or by what an invite link says. A link is used up
 * in the same transaction that makes the account.
 * @throws Refusal `sign-up-closed`, `invite-link-invalid`
 */
export async function admitNewAccount(
  chat: Chat,
  tx: Writing,
  invite: string | undefined,
): Promise<{ operator: boolean }> {
  if (invite !== undefined) {
    const link = await tx.inviteLinks.bySecretHash(hashSecret(invite))
    if (!link || link.expiresAt <= chat.clock.now()) {
      throw new Refusal('invite-link-invalid', 'This invite link is used up, expired or mistyped.', {
        field: 'invite',
      })
    }
    if (chat.settings.signUp === 'closed' && !link.makesOperator) throw signUpClosed()
    await tx.inviteLinks.use(link.id)
    return { operator: link.makesOperator }
  }
  if (chat.settings.signUp === 'invite') {
    throw new Refusal(
      'sign-up-closed',
      'New people need an invite link here: ask the operator of this server.',
    )
  }
  if (chat.settings.signUp === 'closed') throw signUpClosed()
  return { operator: false }
}

const signUpClosed = () =>
  new Refusal('sign-up-closed', 'Accounts are made by the operator of this server only.')

/** @throws Refusal as `admitNewAccount`, and `username-taken`, `password-common`, `rate-limited`. */
export async function signUp(chat: Chat, caller: Caller, input: SignUp): Promise<SignedIn> {
  mayUsePasswords(chat)
  await chat.rates.take('sign-up-address', caller.address)
  await refuseCommonPassword(input.password, input.username)
  const passwordHash = await chat.passwords.hash(input.password)
  return chat.db.write(async (tx) => {
    const now = chat.clock.now()
    const { operator } = await admitNewAccount(chat, tx, input.invite)
    const account: AccountRow = {
      ...blankAccount(input.username, now),
      displayName: displayNameOf(input),
      name: input.name,
      lastName: input.lastName,
      operator,
      passwordHash,
      hasPassword: true,
    }
    await addAccount(tx, account)
    return startSession(tx, account, input.deviceName, now)
  })
}
