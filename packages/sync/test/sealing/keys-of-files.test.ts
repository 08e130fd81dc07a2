import { join } from 'node:path'
import { AttachmentId } from '@parley/domain/ids'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { attachmentSecret, putAttachmentSecret } from '@parley/sync/store/sealed'
import { Store } from '@parley/sync/store/store'
import { Topics } from '@parley/sync/topics'
import { expect, test } from 'vitest'
import { testKey } from '../devices.ts'

const keyOf = (number: number) => ({ key: new Uint8Array(32).fill(number), bytes: number })

test('S64: a message that names the file of an earlier one does not change how that opens', () => {
  using folder = temporaryFolder('parley-files')
  using store = new Store(join(folder.path, 'store.db'), testKey, new Topics())
  const { connection } = store
  const id = AttachmentId.parse(`f${'a'.repeat(15)}`)
  const put = (messageId: number, number: number) => {
    store.write(() => putAttachmentSecret(connection, id, messageId, keyOf(number)))
    return attachmentSecret(connection, id)?.bytes
  }
  expect(put(5, 1)).toBe(1)
  expect(put(9, 2)).toBe(1)
  // Whichever was read first.
  expect(put(3, 3)).toBe(3)
  // As an edit of the same message brings it again.
  expect(put(3, 4)).toBe(4)
})
