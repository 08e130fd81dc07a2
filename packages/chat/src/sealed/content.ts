import type { ConversationRow, Writing } from '@parley/db/stores'
import { Refusal } from '@parley/domain/refusal'
import { fromText } from '@parley/domain/sealed/bytes'
import { newestEpoch } from '@parley/domain/sealed/chain'
import { SealedError } from '@parley/domain/sealed/causes'
import {
  isTagOf,
  type MessageForm,
  type MessageKind,
  readMessage,
  tagOf,
} from '@parley/domain/sealed/message-form'
import { SealedReaction } from '@parley/domain/sealed/wire'
import { type Content, Emoji, type Message } from '@parley/domain/messages'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { deviceOf } from './devices.ts'
import { isOwed } from './owed.ts'

interface Said {
  readonly kind: MessageKind
  readonly content: Content
  /** The message as it stands, of an edit. */
  readonly before?: Message['content'] | undefined
}

/**
 * What can be seen of sealed content has to be right, so that nobody stores what nobody could open: sealed by the
 * session's device, in the newest epoch, by this chain as far as it is named. Where the conversation has no chain,
 * programs of other kinds seal as they like.
 * @throws Refusal `invalid-input`, `device-unknown`, `epoch-outdated`, `head-moved`, `content-mismatch`
 */
export async function mustBeOfNow(
  chat: Chat,
  tx: Writing,
  { actor, conversation }: { actor: Actor; conversation: ConversationRow },
  { kind, content, before }: Said,
): Promise<void> {
  if (content.kind !== 'sealed') return
  const chain = await chat.known.chain(tx, conversation.id)
  if (!chain) return
  const form = formOf(content.sealed)
  if (form === 'newer') return
  const deviceId = await deviceOf(chat, tx, actor)
  if (form.deviceId !== deviceId)
    throw new Refusal('device-unknown', 'This was sealed by another device than the session is of.')
  const epoch = newestEpoch(chain)
  if (await isOwed(tx, chain)) {
    throw new Refusal(
      'epoch-outdated',
      'A device was revoked: begin an epoch that names it, and seal it anew.',
    )
  }
  if (chain.due !== null || form.epoch !== epoch.number || form.epochTag !== tagOf(epoch.commitment))
    throw new Refusal('epoch-outdated', 'Read the chain on, begin an epoch if one is due, and seal it anew.')
  const named = chain.hashes[form.chainIndex]
  if (named === undefined || !isTagOf(named, form.chainTag) || form.chainIndex < epoch.entry) {
    // Its readers would take it for a sign that the server shows two chains.
    throw new Refusal(
      'head-moved',
      'It names an entry that this chain does not have: read on, and seal it anew.',
    )
  }
  const revision = before?.kind === 'sealed' ? formOf(before.sealed) : null
  const least = revision === null || revision === 'newer' ? 0 : revision.revision + 1
  if (form.kind !== kind || (kind === 'edit' && form.revision < least))
    throw new Refusal('content-mismatch', 'Its kind or revision is not what belongs here.', {
      field: 'content',
    })
}

/** @throws Refusal `invalid-input` */
function formOf(sealed: string): MessageForm | 'newer' {
  try {
    return readMessage(fromText(sealed))
  } catch (error) {
    if (!(error instanceof SealedError)) throw error
    if (error.kind === 'newer-suite') return 'newer'
    throw new Refusal('invalid-input', `content.sealed: ${error.message}`, { field: 'content.sealed' })
  }
}

/** Reactions are sealed where messages are. @throws Refusal `content-mismatch`, `invalid-input` */
export async function reactionMustFit(
  chat: Chat,
  tx: Writing,
  conversation: ConversationRow,
  emoji: string,
): Promise<void> {
  if (!conversation.sealed || !(await tx.chains.head(conversation.id))) {
    const checked = Emoji.safeParse(emoji)
    if (!checked.success) throw new Refusal('invalid-input', 'emoji: is too long', { field: 'emoji' })
    return
  }
  if (!SealedReaction.safeParse(emoji).success)
    throw new Refusal('content-mismatch', 'Reactions are sealed in this conversation.', { field: 'emoji' })
}
