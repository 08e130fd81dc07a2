import type { UploadSource } from '@parley/client/files'
import type { AttachmentId } from '@parley/domain/ids'
import type { Download } from '../ports.ts'
import type { Connection } from '../store/ciphers.ts'
import { bytesOf, fileOf } from '../store/files.ts'
import type { Outgoing } from '../store/outgoing.ts'

// Between the store, where files lie as people see them, and the server. What is to be encrypted on this device is
// encrypted in the one of these functions, and opened in the other; nothing else touches the bytes on their way.

/** A file as the server is to have it. It is read part by part, and is the same whenever it is read. */
export function toServer(connection: Connection, file: Outgoing): UploadSource {
  return {
    size: file.bytes,
    slice: (start, end) => {
      const held = fileOf(connection, file.id)
      if (!held) throw new Error('A file that waits to be sent is not in the store')
      return new Blob(bytesOf(connection, held, start, end).map((part) => new Uint8Array(part)))
    },
  }
}

/** An attachment as people see it, from what the server has. */
export function fromServer(_id: AttachmentId, download: Download): Download {
  return download
}
