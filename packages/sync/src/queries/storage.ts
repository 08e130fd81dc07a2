import { statSync } from 'node:fs'
import { keepEverythingValue } from '../store/meta.ts'
import { copiesHeld } from '../store/files.ts'
import { outgoingBytes } from '../store/outgoing.ts'
import { countMessages } from '../store/messages.ts'
import type { Store } from '../store/store.ts'
import type { StorageView } from '../views.ts'

/** What this account takes up on this device. */
export function storage({ connection }: Store): StorageView {
  const { bytes, files } = copiesHeld(connection)
  const onDisk = ['', '-wal', '-shm'].map(
    (part) => statSync(connection.name + part, { throwIfNoEntry: false })?.size ?? 0,
  )
  return {
    bytes: onDisk.reduce((sum, size) => sum + size, 0),
    messages: countMessages(connection),
    attachments: files,
    attachmentBytes: bytes,
    outgoingBytes: outgoingBytes(connection),
    keepsEverything: keepEverythingValue.read(connection) ?? false,
  }
}
