import { listInviteLinks, makeInviteLink } from '@parley/chat/accounts/invite-links'
import { hashSecret, newInviteLinkId, newSecret } from '@parley/chat/secrets'
import { inviteLinksMax } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { testChat, type TestChat } from '../harness.ts'

const fillWithLinks = ({ chat }: TestChat, expiresAt: number) =>
  chat.db.write(async (tx) => {
    for (let nth = 0; nth < inviteLinksMax; nth += 1) {
      await tx.inviteLinks.insert({
        id: newInviteLinkId(),
        secretHash: hashSecret(newSecret()),
        note: '',
        usesLeft: 1,
        makesOperator: false,
        createdAt: 0,
        expiresAt,
      })
    }
  })

test('P5: there are only so many invite links', async () => {
  await using testing = await testChat()
  await fillWithLinks(testing, testing.clock.now() + 1)
  const one = makeInviteLink(testing.chat, { uses: 1, note: '' })
  await expect(one).rejects.toMatchObject({ kind: 'too-many' })
})

test('links that have expired, which nobody sees any more, make room for new ones', async () => {
  await using testing = await testChat()
  await fillWithLinks(testing, testing.clock.now())
  expect(await listInviteLinks(testing.chat)).toEqual([])
  const { link } = await makeInviteLink(testing.chat, { uses: 1, note: '' })
  expect(await listInviteLinks(testing.chat)).toEqual([link])
  expect(await testing.db.read.inviteLinks.all()).toHaveLength(1)
})
