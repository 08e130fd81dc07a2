import type { InviteLinkRow } from '@parley/db/stores'
import type { InviteLink, InviteLinkMade, MakeInviteLink } from '@parley/domain/accounts'
import type { InviteLinkId } from '@parley/domain/ids'
import { inviteLinkKeptMs, inviteLinksMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Chat } from '../chat.ts'
import { hashSecret, newInviteLinkId, newSecret } from '../secrets.ts'

const linkOf = ({ id, note, usesLeft, makesOperator, createdAt, expiresAt }: InviteLinkRow): InviteLink => ({
  id,
  note,
  usesLeft,
  makesOperator,
  createdAt,
  expiresAt,
})

async function addLink(
  chat: Chat,
  link: Pick<InviteLinkRow, 'note' | 'usesLeft' | 'makesOperator'>,
): Promise<InviteLinkMade> {
  const secret = newSecret()
  const now = chat.clock.now()
  const row = {
    ...link,
    id: newInviteLinkId(),
    secretHash: hashSecret(secret),
    createdAt: now,
    expiresAt: now + inviteLinkKeptMs,
  }
  await chat.db.write(async (tx) => {
    let kept = 0
    for (const old of await tx.inviteLinks.all()) {
      // An expired link is of no use to anybody, and of setup links only the newest counts.
      if (old.expiresAt <= now || (link.makesOperator && old.makesOperator))
        await tx.inviteLinks.remove(old.id)
      else kept += 1
    }
    if (kept >= inviteLinksMax)
      throw new Refusal('too-many', `There are ${inviteLinksMax} invite links already.`)
    await tx.inviteLinks.insert(row)
  })
  return { link: linkOf(row), secret }
}

/** A link with which people make accounts where sign-up is by invitation. */
export const makeInviteLink = (chat: Chat, { uses, note }: MakeInviteLink): Promise<InviteLinkMade> =>
  addLink(chat, { note, usesLeft: uses, makesOperator: false })

export async function listInviteLinks(chat: Chat): Promise<InviteLink[]> {
  const now = chat.clock.now()
  return (await chat.db.read.inviteLinks.all()).filter((link) => link.expiresAt > now).map(linkOf)
}

export async function removeInviteLink(chat: Chat, id: InviteLinkId): Promise<void> {
  const removed = await chat.db.write((tx) => tx.inviteLinks.remove(id))
  if (!removed) throw new Refusal('not-found', 'There is no such invite link.', { field: 'inviteLinkId' })
}

/**
 * While a server has no account, each start makes a new one-time link; whoever signs up with it is the operator.
 * @returns its secret, or null when there are accounts.
 */
export async function makeSetupLink(chat: Chat): Promise<string | null> {
  if ((await chat.db.read.accounts.count()) > 0) return null
  const { secret } = await addLink(chat, { note: 'first start', usesLeft: 1, makesOperator: true })
  return secret
}
