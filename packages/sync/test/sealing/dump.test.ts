import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '@parley/sync/store/connection'
import { deviceValue } from '@parley/sync/store/meta'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { settled, testKey } from '../devices.ts'
import { foundIn, waysOf } from './dump.ts'
import { did, isOpen, named, ready, say, sealedGroup, sealedStage, sees, type Somebody } from './people.ts'

/** Every key that a device has. */
function keysOf({ device }: Somebody): Uint8Array[] {
  const store = openStore(device.path, testKey)
  const blobs = (sql: string) => store.prepare<[], Uint8Array>(sql).pluck().all()
  const kept = deviceValue.read(store)
  const own = [kept?.secrets, kept?.accountSeed, kept?.backupKey].flatMap((text) =>
    text ? [Uint8Array.fromBase64(text, { alphabet: 'base64url' })] : [],
  )
  const secrets = own.flatMap((key) => (key.length === 64 ? [key.subarray(0, 32), key.subarray(32)] : [key]))
  const all = [...secrets, ...blobs('select key from epochKey'), ...blobs('select key from attachmentKey')]
  store.close()
  return all
}

test('S71, P8: nothing that was said, and no key, stands in what the server keeps or logs', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve'])
  const [ada, ben, eve] = [named(stage.people, 0), named(stage.people, 1), named(stage.people, 2)]
  const id = await sealedGroup(ada, [ben])
  const said = ['under the third pot', 'behind the old shed', 'nobody goes there', 'moved to the attic']
  await say(ada, id, said[0] ?? '')
  await sees(ben.engine, id, [said[0] ?? ''])
  const [first] = ben.engine.timeline({ conversationId: id, at: { kind: 'newest' } }).items
  if (!first?.id) throw new Error('It has an id')
  await say(ben, id, said[1] ?? '', { replyTo: first.id, mentions: [ada.id] })
  await did(ben.engine, { kind: 'react', conversationId: id, messageId: first.id, emoji: '🦔', on: true })
  await did(ada.engine, {
    kind: 'edit',
    conversationId: id,
    messageId: first.id,
    content: { kind: 'plain', text: said[3] },
  })
  const file = {
    name: 'map to the treasure.png',
    mediaType: 'image/x-treasure',
    content: Buffer.from('here it lies'),
  }
  const { id: attachment } = await ada.engine.addAttachment(id, file)
  await did(ada.engine, {
    kind: 'send',
    conversationId: id,
    content: { kind: 'plain', text: said[2] },
    attachments: [attachment],
  })
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [eve.id] })
  await isOpen(eve.engine, id)
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: eve.id })
  const recovery = await ada.engine.makeRecoveryCode()
  const second = await stage.another(ada)
  const { code } = ada.engine.beginLink()
  await second.engine.enterLinkCode(code)
  await ready(second.engine)
  await isOpen(second.engine, id)
  const link = await ada.engine.inviteLink(id)
  await settled(ada.engine)

  const people = [ada, ben, eve, second]
  for (const each of people) await each.device.close()
  const keys = people.flatMap(keysOf)
  expect(keys.length).toBeGreaterThan(12)
  const seed = link.split('#')[1]?.split('.')[0] ?? ''
  const words = [...said, '🦔', file.name, file.mediaType, 'here it lies', recovery, code, seed]
  const secrets = [...words, ...keys.flatMap(waysOf)]
  using logs = temporaryFolder('parley-logs')
  writeFileSync(join(logs.path, 'log'), stage.server.logged.join('\n'))
  expect(foundIn(stage.server.data, secrets)).toEqual([])
  expect(foundIn(logs.path, secrets)).toEqual([])
  // The same search finds what is there.
  expect(foundIn(stage.server.data, ['Secret garden'])).not.toEqual([])
})
