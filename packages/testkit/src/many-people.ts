import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import { startSession } from '@parley/chat/accounts/sessions'
import { addAccount, blankAccount } from '@parley/chat/accounts/sign-up'
import { makeGroup } from '@parley/chat/conversations/make'
import { appendToList } from '@parley/chat/sealed/device-lists'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { TestPerson } from './people.ts'

/** Somebody who is on the server and does nothing: no password was hashed, and no connection is open. */
export interface QuietPerson {
  readonly id: AccountId
  readonly token: string
  readonly actor: Actor
}

interface On {
  readonly chat: Chat
}

/** Makes so many accounts, each with a session, in one transaction. */
export const manyPeople = ({ chat }: On, count: number, name = 'quiet'): Promise<QuietPerson[]> =>
  chat.db.write(async (tx) => {
    const now = chat.clock.now()
    const people: QuietPerson[] = []
    for (let at = 0; at < count; at += 1) {
      const account = blankAccount(`${name}-${String(at)}`, now)
      await addAccount(tx, account)
      const { token, sessionId } = await startSession(tx, account, '', now)
      people.push({ id: account.id, token, actor: { accountId: account.id, sessionId, operator: false } })
    }
    return people
  })

/** Begins device lists, each by its own account. */
export async function bringLists(
  { chat }: On,
  lists: readonly { readonly actor: Actor; readonly entry: string }[],
): Promise<void> {
  await Promise.all(
    lists.map(({ actor, entry }) => appendToList(chat, actor, { entries: [entry], beginAgain: false })),
  )
}

/** A plain group of more people than one call may name. */
export async function makeLargeGroup(
  { chat }: On,
  { account, sessionId }: TestPerson,
  members: readonly AccountId[],
): Promise<ConversationId> {
  const actor = { accountId: account.id, sessionId, operator: account.operator }
  const made = await makeGroup(chat, actor, {
    name: 'Everybody',
    description: '',
    joinPolicy: 'open',
    listed: false,
    sealed: false,
    members: [...members],
  })
  return made.id
}
