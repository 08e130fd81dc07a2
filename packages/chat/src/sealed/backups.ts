import { conversationsPerAccountMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { readBackup } from '@parley/domain/sealed/link-form'
import type { BackupPart, PutBackup, StoredBackup } from '@parley/domain/sealed/wire'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { reading } from './refusing.ts'

/** The account's own part, and one of each conversation. */
const partsPerKeyMax = conversationsPerAccountMax + 1
/** The one in force, and the one that is being written. */
const keysMax = 2

/** Keeps a part of the account's backup. @throws Refusal `invalid-input`, `head-moved` unless newer, `too-many` */
export async function putBackup(chat: Chat, actor: Actor, input: PutBackup): Promise<void> {
  await chat.rates.take('send', actor.accountId)
  const sealed = reading('sealed', () => fromText(input.sealed))
  const form = reading('sealed', () => readBackup(sealed))
  const { part, keyId, version } = input
  const { accountId } = actor
  if (
    form.accountId !== accountId ||
    form.part !== part ||
    form.keyId !== keyId ||
    form.version !== version
  ) {
    throw new Refusal('invalid-input', 'It is not the part that it is said to be.', { field: 'sealed' })
  }
  await chat.db.write(async (tx) => {
    const before = await tx.backups.get(accountId, keyId, part)
    if (before && before.version >= version)
      throw new Refusal('head-moved', `There is version ${before.version} of it already.`)
    if (!before) {
      // One that writes on what is gone does not know yet of the code that took its place.
      if (version > 1) throw new Refusal('head-moved', 'There is no such part to be written on.')
      const keyIds = await tx.backups.keyIds(accountId)
      if (!keyIds.includes(keyId) && keyIds.length >= keysMax)
        throw new Refusal('too-many', 'Settle the backup under one key before another one is begun.')
      if ((await tx.backups.count(accountId, keyId)) >= partsPerKeyMax)
        throw new Refusal('too-many', 'The backup has as many parts as it can.')
    }
    await tx.backups.put({ accountId, keyId, part, version, sealed })
    await tx.log.append(accountId, { kind: 'backup', part, keyId, version })
  })
}

/** What there is of the account's backup. */
export async function listBackup(chat: Chat, actor: Actor): Promise<StoredBackup[]> {
  const parts = await chat.db.read.backups.parts(actor.accountId, partsPerKeyMax * keysMax)
  return parts.map(({ part, keyId, version }) => ({ part, keyId, version }))
}

/** @throws Refusal `not-found` */
export async function getBackup(
  chat: Chat,
  actor: Actor,
  { part, keyId }: { part: BackupPart; keyId: string },
): Promise<{ sealed: string }> {
  const found = await chat.db.read.backups.get(actor.accountId, keyId, part)
  if (!found) throw new Refusal('not-found', 'There is no such part of a backup.', { field: 'part' })
  return { sealed: toText(found.sealed) }
}

/** All is there under one key: what is under others goes. @throws Refusal `not-found` when nothing is under it */
export async function settleBackup(chat: Chat, actor: Actor, keyId: string): Promise<void> {
  await chat.db.write(async (tx) => {
    if (!(await tx.backups.get(actor.accountId, keyId, 'account')))
      throw new Refusal('not-found', 'Nothing is kept under this key.', { field: 'keyId' })
    await tx.backups.keepOnly(actor.accountId, keyId)
  })
}
