import { expect, test } from 'vitest'
import { anInviteLink, hashOf, inviteLinkId } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

export const inviteLinksContract = (open: OpenEmpty): void => {
  test('an invite link is found by the hash of its secret, as it was stored', async () => {
    await using opened = await open()
    const { db } = opened
    const link = anInviteLink(1, { note: 'for Ann', usesLeft: 3, makesOperator: true })
    await db.write((tx) => tx.inviteLinks.insert(link))
    await db.write((tx) => tx.inviteLinks.insert(anInviteLink(2)))
    const found = await db.read.inviteLinks.bySecretHash(hashOf(1))
    expect(found && { ...found, secretHash: new Uint8Array(found.secretHash) }).toEqual(link)
    expect(await db.read.inviteLinks.bySecretHash(hashOf(3))).toBeNull()
    expect((await db.read.inviteLinks.all()).map(({ id }) => id)).toEqual([1, 2].map(inviteLinkId))
  })

  test('a link is gone with its last use, or when it is removed', async () => {
    await using opened = await open()
    const { db } = opened
    await db.write((tx) => tx.inviteLinks.insert(anInviteLink(1, { usesLeft: 2 })))
    await db.write((tx) => tx.inviteLinks.insert(anInviteLink(2)))
    await db.write((tx) => tx.inviteLinks.use(inviteLinkId(1)))
    expect(await db.read.inviteLinks.bySecretHash(hashOf(1))).toMatchObject({ usesLeft: 1 })
    await db.write((tx) => tx.inviteLinks.use(inviteLinkId(1)))
    expect(await db.read.inviteLinks.bySecretHash(hashOf(1))).toBeNull()
    await expect(db.write((tx) => tx.inviteLinks.use(inviteLinkId(1)))).rejects.toThrow(/no invite link/)
    expect(await db.write((tx) => tx.inviteLinks.remove(inviteLinkId(2)))).toBe(true)
    expect(await db.write((tx) => tx.inviteLinks.remove(inviteLinkId(2)))).toBe(false)
    expect(await db.read.inviteLinks.all()).toEqual([])
  })
}
