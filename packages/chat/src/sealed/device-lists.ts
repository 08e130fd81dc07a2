import { everybody, type Writing } from '@parley/db/stores'
import type { DeviceId } from '@parley/domain/ids'
import { pageCharsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { fromText, toText, zeroHash } from '@parley/domain/sealed/bytes'
import {
  type DeviceList,
  extendDeviceList,
  type ListEntry,
  readListEntry,
} from '@parley/domain/sealed/device-list'
import type { AppendToList, ListHead, ListsPage, ReadLists } from '@parley/domain/sealed/wire'
import { endSession } from '../accounts/sessions.ts'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { oweEverywhere } from './owed.ts'
import { judging, reading } from './refusing.ts'

/**
 * Takes the next entries of an account's device list, all or none; those that are there already are passed over. A list
 * begins by its own account alone; what the account has signed may be brought by anybody.
 * @throws Refusal `head-moved`, `chain-refused` with its cause, `not-allowed`, `not-found`
 */
export async function appendToList(chat: Chat, actor: Actor, input: AppendToList): Promise<ListHead> {
  await chat.rates.take('send', actor.accountId)
  const entries = input.entries.map((text) =>
    reading('entries', () => {
      const bytes = fromText(text)
      return { bytes, entry: readListEntry(bytes) }
    }),
  )
  return chat.db.write(async (tx) => {
    let list: DeviceList | null = null
    let added = false
    for (const { bytes, entry } of entries) {
      const hash = chat.known.checks.hash(bytes)
      list ??= await listBefore(chat, tx, actor, { entry, hash, beginAgain: input.beginAgain })
      if (list && entry.index < list.hashes.length) {
        mustBeSame(list, entry.index, hash)
        continue
      }
      list = judging(() => extendDeviceList(chat.known.checks, list, bytes))
      added = true
      const { accountId, identity } = list
      await tx.devices.append({ accountId, identity, index: entry.index, hash, bytes })
      if (entry.change.op === 'revoke') {
        await forget(tx, entry, entry.change.devices)
        await oweEverywhere(tx, list, entry.index)
      }
    }
    if (!list) throw new Refusal('invalid-input', 'There is nothing to take.', { field: 'entries' })
    const { accountId, identity, hashes } = list
    const head = { accountId, identity, index: hashes.length - 1, hash: hashes.at(-1) ?? zeroHash }
    if (added) await tx.log.append(everybody, { kind: 'device-list', ...head })
    return head
  })
}

/** A copy of the list that an entry goes on with; null for the first entry of one. */
async function listBefore(
  chat: Chat,
  tx: Writing,
  actor: Actor,
  { entry, hash, beginAgain }: { entry: ListEntry; hash: string; beginAgain: boolean },
): Promise<DeviceList | null> {
  const known = await chat.known.currentList(tx, entry.accountId)
  const copy = known && structuredClone(known)
  if (entry.index > 0) return copy
  if (copy && (!beginAgain || copy.identity === hash)) return copy
  if (entry.accountId !== actor.accountId)
    throw new Refusal('not-allowed', 'A device list is begun by its own account.')
  if (!(await tx.accounts.byId(entry.accountId))) throw new Refusal('not-found', 'There is no such account.')
  return null
}

function mustBeSame(list: DeviceList, index: number, hash: string): void {
  if (list.hashes[index] !== hash)
    throw new Refusal('head-moved', `Entry ${index} of this list is another one.`)
}

/** Devices that are revoked are signed out, and wait for no keys. */
async function forget(tx: Writing, { accountId }: ListEntry, devices: readonly DeviceId[]): Promise<void> {
  const gone = new Set<DeviceId | null>(devices)
  for (const { id, deviceId } of await tx.sessions.ofAccount(accountId)) {
    if (deviceId !== null && gone.has(deviceId)) await endSession(tx, accountId, id)
  }
  for (const deviceId of devices) await tx.keys.removeRequestsOfDevice(deviceId)
}

/** Device lists from an entry on; what does not fit one answer is left out, and said to be. */
export async function readLists(chat: Chat, input: ReadLists): Promise<ListsPage> {
  const page: ListsPage = { lists: [] }
  let room = pageCharsMax
  for (const { accountId, identity, from } of input.lists) {
    if (room <= 0) break
    const { devices } = chat.db.read
    const head = identity === undefined ? await devices.current(accountId) : await devices.list(identity)
    if (!head || head.accountId !== accountId) {
      page.lists.push({ accountId, identity: null, from, entries: [], more: false })
      continue
    }
    const entries: string[] = []
    for (const bytes of await devices.entries(head.identity, from, head.index - from + 1)) {
      const text = toText(bytes)
      // One always fits, so that whoever asks gets on.
      if (room < text.length && (entries.length > 0 || page.lists.length > 0)) break
      entries.push(text)
      room -= text.length
    }
    const more = from + entries.length <= head.index
    page.lists.push({ accountId, identity: head.identity, from, entries, more })
    if (more) break
  }
  return page
}
