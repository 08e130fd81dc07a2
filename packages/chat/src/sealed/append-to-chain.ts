import type { ConversationRow, MemberRow, Writing } from '@parley/db/stores'
import type { ConversationId, DeviceId, Position } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { fromText, toText, zeroHash } from '@parley/domain/sealed/bytes'
import type { Chain } from '@parley/domain/sealed/chain'
import { type ChainEntry, readChainEntry } from '@parley/domain/sealed/chain-entry'
import { extendChain } from '@parley/domain/sealed/extend-chain'
import type { Appended, AppendToChain } from '@parley/domain/sealed/wire'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { checkGroupPassword } from '../conversations/join.ts'
import { closed, noSuchConversation } from '../conversations/standing.ts'
import { applyEffect } from './apply-effect.ts'
import { deviceOf } from './devices.ts'
import { storeGrants } from './grants.ts'
import { oweForHeads, settleOwed } from './owed.ts'
import { judging, reading } from './refusing.ts'

interface Brought {
  readonly bytes: Uint8Array
  readonly entry: ChainEntry
}

/** One call, while it is carried out. */
interface Appending {
  readonly chat: Chat
  readonly tx: Writing
  readonly actor: Actor
  readonly input: AppendToChain
  /** Of `input.password`, for a policy that wants one. */
  readonly passwordHash: string | null
  /** Whether the password that was given is that of the group. */
  readonly knowsPassword: boolean
  conversation: ConversationRow
  chain: Chain | null
}

/**
 * Takes the next entries of a conversation's chain with what follows from them, all or nothing: who comes and goes, roles,
 * and the keys that were granted along with it. Entries that are there already are passed over.
 * @throws Refusal `head-moved` (read on, and sign anew), `chain-refused` with its cause, `not-a-member`, `device-unknown`,
 * `conversation-closed`, `wrong-conversation-password`, `join-policy`, `not-allowed`, `invalid-input`, and as `admit`
 */
export async function appendToChain(chat: Chat, actor: Actor, input: AppendToChain): Promise<Appended> {
  await chat.rates.take('send', actor.accountId)
  const brought = input.entries.map((text) =>
    reading('entries', () => {
      const bytes = fromText(text)
      return { bytes, entry: readChainEntry(bytes) }
    }),
  )
  const ops = new Set(brought.map(({ entry }) => entry.change.op))
  const before = await chat.db.read.conversations.byId(input.conversationId)
  const asksPassword = ops.has('join') && before?.joinPolicy === 'password' && input.password !== undefined
  if (asksPassword) await checkGroupPassword(chat, actor, input.password, before.passwordHash)
  const setsPassword = ops.has('policy') && input.password !== undefined
  const passwordHash =
    setsPassword && input.password !== undefined ? await chat.passwords.hash(input.password) : null
  return chat.db.write(async (tx) => {
    const standing = await tx.conversations.standing(input.conversationId, actor.accountId)
    if (!standing) throw noSuchConversation()
    const { conversation, member } = standing
    if (conversation.closedAt !== null) throw closed()
    const known = await chat.known.chain(tx, conversation.id)
    const knowsPassword = asksPassword && conversation.passwordHash === before.passwordHash
    const chain = known && structuredClone(known)
    const appending: Appending = { chat, tx, actor, input, passwordHash, knowsPassword, conversation, chain }
    const position = await takeAll(appending, brought, member)
    const { chain: extended } = appending
    if (!extended) throw new Refusal('invalid-input', 'There is nothing to take.', { field: 'entries' })
    if (input.grants.length > 0) {
      const deviceId = await deviceOf(chat, tx, actor)
      await storeGrants(chat, tx, { actor, deviceId, chain: extended }, input.grants)
    }
    return { index: extended.hashes.length - 1, hash: extended.hashes.at(-1) ?? zeroHash, position }
  })
}

/** @returns the position of the newest entry that was brought. */
async function takeAll(
  appending: Appending,
  brought: readonly Brought[],
  member: MemberRow | null,
): Promise<Position> {
  const { chat, tx, actor, conversation } = appending
  let position: Position | null = null
  let device: DeviceId | null = null
  for (const { bytes, entry } of brought) {
    const known = await storedAt(tx, conversation.id, entry.index)
    if (known) {
      if (Buffer.compare(known.bytes, bytes) !== 0)
        throw new Refusal('head-moved', `Entry ${entry.index} of this chain is another one.`)
      position = known.position
      continue
    }
    if (entry.authorId === actor.accountId) {
      device ??= await deviceOf(chat, tx, actor)
      if (entry.deviceId !== device)
        throw new Refusal('device-unknown', 'This was signed by another device than the session is of.')
    }
    position = await take(appending, { bytes, entry }, member)
  }
  // What others signed may be brought by any member: a server that was restored gets back what it lost.
  const isOwn = brought.at(-1)?.entry.authorId === actor.accountId
  if (!isOwn && !member && !(await tx.members.get(conversation.id, actor.accountId)))
    throw noSuchConversation()
  if (position === null) throw new Refusal('invalid-input', 'There is nothing to take.', { field: 'entries' })
  return position
}

const storedAt = async (tx: Writing, conversationId: ConversationId, index: number) =>
  (await tx.chains.entries(conversationId, index, 1)).find((each) => each.index === index)

async function take(
  appending: Appending,
  { bytes, entry }: Brought,
  member: MemberRow | null,
): Promise<Position> {
  const { chat, tx, actor, input } = appending
  if (entry.conversationId !== input.conversationId)
    throw new Refusal('invalid-input', 'An entry is of another conversation.', { field: 'entries' })
  const isOwn = entry.authorId === actor.accountId
  if (entry.change.op === 'create') await mustBeginRightly(appending, entry, member)
  else if (entry.change.op === 'join' && isOwn && !member) mustBeLetIn(appending, entry)
  else if (isOwn && !member) throw noSuchConversation()
  const lists = await chat.known.listsOf(tx, [entry])
  const { chain, effect } = judging(() => extendChain(chat.known.checks, lists, appending.chain, bytes))
  appending.chain = chain
  const position = tx.log.next()
  const { conversationId, index } = entry
  await tx.chains.append({ conversationId, index, hash: effect.hash, bytes, position })
  await tx.log.append(conversationId, { kind: 'chain', conversationId, index, entry: toText(bytes) })
  await oweForHeads(chat.known, tx, entry)
  appending.conversation = await applyEffect(appending, effect)
  await settleOwed(tx, chain)
  return position
}

/**
 * The chain begins as the conversation is: by the founder of a group, or one of the two of a direct conversation, with all its
 * members and roles.
 */
async function mustBeginRightly(
  { tx, conversation, actor }: Appending,
  { change, authorId }: ChainEntry,
  member: MemberRow | null,
): Promise<void> {
  if (change.op !== 'create') return
  if (authorId !== actor.accountId || !member) throw noSuchConversation()
  if (conversation.kind === 'group' && member.role !== 'founder')
    throw new Refusal('not-allowed', 'The founder makes a group sealed.')
  if (
    change.form !== conversation.kind ||
    (change.form === 'group' && change.joinPolicy !== conversation.joinPolicy)
  )
    throw new Refusal('head-moved', 'The conversation is of another kind, or has another join policy.')
  const named = new Map([
    [authorId, member.role],
    ...change.members.map(({ accountId, role }) => [accountId, role] as const),
  ])
  if (named.size !== (await tx.members.count(conversation.id)))
    throw new Refusal('head-moved', 'The conversation has other members.')
  for (const [accountId, role] of named) {
    const row = await tx.members.get(conversation.id, accountId)
    if (row?.role !== role)
      throw new Refusal('head-moved', 'The conversation has other members, or other roles.')
  }
}

/** Whether somebody may come in by themselves; the invite itself is judged with the chain. */
function mustBeLetIn({ chat, chain, conversation, knowsPassword }: Appending, { change }: ChainEntry): void {
  if (change.op !== 'join') return
  if (change.proof) {
    const until = chain?.invites.get(change.proof.invite)
    if (until !== undefined && until < chat.clock.now())
      throw new Refusal('invite-link-invalid', 'This invite has expired.')
    return
  }
  const policy = conversation.joinPolicy
  if (policy === 'open') return
  if (policy !== 'password')
    throw new Refusal('join-policy', 'Nobody comes into this group by themselves but with an invite.')
  if (!knowsPassword) {
    throw new Refusal('wrong-conversation-password', 'This is not the password of this group.', {
      field: 'password',
    })
  }
}
