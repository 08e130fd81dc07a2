import { everybody } from '@parley/db/stores'
import type { Me, UpdateProfile } from '@parley/domain/accounts'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { meOf, personOf } from './wire.ts'

const gone = () => new Refusal('not-found', 'This account is gone.')

export async function getMe(chat: Chat, actor: Actor): Promise<Me> {
  const account = await chat.db.read.accounts.byId(actor.accountId)
  if (!account) throw gone()
  return meOf(account)
}

/** @throws Refusal `username-taken` */
export async function updateProfile(chat: Chat, actor: Actor, change: UpdateProfile): Promise<Me> {
  return chat.db.write(async (tx) => {
    await tx.accounts.update(actor.accountId, change)
    const account = await tx.accounts.byId(actor.accountId)
    if (!account) throw gone()
    await tx.log.append(everybody, { kind: 'person', person: personOf(account) })
    return meOf(account)
  })
}
