import type { Writing } from '@parley/db/stores'
import { everybody } from '@parley/db/stores'
import type { ListAccounts, MakeAccount, Me, ResetPassword, SetDisabled } from '@parley/domain/accounts'
import { usernameKey } from '@parley/domain/accounts'
import type { AccountId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Chat } from '../chat.ts'
import { refuseCommonPassword } from './common-passwords.ts'
import { endSessions } from './sessions.ts'
import { addAccount, blankAccount, displayNameOf } from './sign-up.ts'
import { meOf, personOf } from './wire.ts'

// What an operator does with accounts: from the app, where the router has checked that one asks, or at the command
// line beside the data.

/** @throws Refusal `username-taken`, `password-common` */
export async function makeAccount(chat: Chat, input: MakeAccount): Promise<Me> {
  if (input.password !== undefined) await refuseCommonPassword(input.password, input.username)
  const passwordHash =
    input.password === undefined ? (input.passwordHash ?? null) : await chat.passwords.hash(input.password)
  return chat.db.write(async (tx) => {
    const account = {
      ...blankAccount(input.username, chat.clock.now()),
      displayName: displayNameOf(input),
      name: input.name,
      lastName: input.lastName,
      operator: input.operator,
      passwordHash,
      hasPassword: passwordHash !== null,
    }
    await addAccount(tx, account)
    return meOf(account)
  })
}

/** Every account, disabled ones too; or those that are called so. */
export async function listAccounts(
  chat: Chat,
  { words, after, limit }: ListAccounts,
): Promise<{ accounts: Me[]; next: string | null }> {
  const page =
    words === undefined
      ? await chat.db.read.accounts.page({ after: after && usernameKey(after), limit, withDisabled: true })
      : await chat.db.read.accounts.search(words, limit, { withDisabled: true })
  const accounts = await Promise.all(page.map(({ id }) => chat.db.read.accounts.byId(id)))
  const last = page.at(-1)
  return {
    accounts: accounts.filter((account) => account !== null).map(meOf),
    next: words === undefined && last && page.length === limit ? last.username : null,
  }
}

const noAccount = () => new Refusal('not-found', 'There is no such account.', { field: 'accountId' })

/** Gives an account a new password and ends its sessions. */
export async function resetPassword(chat: Chat, { accountId, password }: ResetPassword): Promise<void> {
  const account = await chat.db.read.accounts.byId(accountId)
  if (!account) throw noAccount()
  await refuseCommonPassword(password, account.username)
  const passwordHash = await chat.passwords.hash(password)
  await chat.db.write(async (tx) => {
    await tx.accounts.update(accountId, { passwordHash })
    await endSessions(tx, accountId)
  })
}

/** A disabled account cannot sign in, and nothing of it stays connected; its messages stay. */
export async function setDisabled(chat: Chat, { accountId, disabled }: SetDisabled): Promise<void> {
  await chat.db.write((tx) => setDisabledIn(tx, accountId, disabled))
}

export async function setDisabledIn(tx: Writing, accountId: AccountId, disabled: boolean): Promise<void> {
  const account = await tx.accounts.byId(accountId)
  if (!account) throw noAccount()
  if (account.disabled === disabled) return
  await tx.accounts.update(accountId, { disabled })
  await tx.log.append(everybody, { kind: 'person', person: personOf({ ...account, disabled }) })
  if (disabled) {
    await endSessions(tx, accountId)
    for (const bot of await tx.accounts.ofOwner(accountId)) await setDisabledIn(tx, bot.id, true)
  }
}

/** Finds an account for a command that names it. @throws Refusal `not-found` */
export async function accountNamed(chat: Chat, username: string): Promise<Me> {
  const account = await chat.db.read.accounts.byUsername(username)
  if (!account) throw new Refusal('not-found', `There is no account "${username}".`, { field: 'username' })
  return meOf(account)
}
