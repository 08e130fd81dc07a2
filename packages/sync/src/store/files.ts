import { createHash } from 'node:crypto'
import type { AttachmentId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { DraftAttachmentId } from '../actions.ts'
import { attachmentCacheBytesMax, chunkBytes, chunksDroppedPerStep } from '../limits.ts'
import type { Connection } from './ciphers.ts'
import type { AttachmentSecret } from './sealed.ts'
import { Statement } from './statement.ts'

const nextUse = '(select coalesce(max(usedAt), 0) + 1 from file)'
const insert = new Statement<[string, number]>(
  `insert or replace into file (id, bytes, attachmentId, usedAt) values (?, ?, null, ${nextUse})`,
)
const resize = new Statement<[number, string]>('update file set bytes = ? where id = ?')
const name = new Statement<[string, string]>(
  `update or ignore file set attachmentId = ?, usedAt = ${nextUse} where id = ?`,
)
const use = new Statement<[string]>(`update file set usedAt = ${nextUse} where id = ?`)
const byKey = new Statement<[string, string], HeldFile>(
  `select id, bytes from file where (id = ? or attachmentId = ?)
     and (attachmentId is not null or id in (select id from outgoing))`,
)
const putPart = new Statement<[string, number, Uint8Array]>(
  'insert or replace into chunk (fileId, part, data) values (?, ?, ?)',
)
const partOf = new Statement<[string, number], Uint8Array>(
  'select data from chunk where fileId = ? and part = ?',
  'value',
)
const copies = new Statement<[], { bytes: number; files: number }>(
  'select coalesce(sum(bytes), 0) as bytes, count(*) as files from file where attachmentId is not null',
)
const allCopies = new Statement<[], HeldFile>(
  'select id, bytes from file where attachmentId is not null order by usedAt',
)
const unname = new Statement<[string]>('update file set attachmentId = null where id = ?')
/** Of all that it was opened with: "!" is what comes after the space. */
const unnameCopies = new Statement<[{ id: string }]>(
  `update file set attachmentId = null
   where attachmentId = @id or (attachmentId > @id || ' ' and attachmentId < @id || '!')`,
)
const unnameAll = new Statement<[]>('update file set attachmentId = null where attachmentId is not null')
const unneeded = new Statement<[], string>(
  'select id from file where attachmentId is null and id not in (select id from outgoing)',
  'value',
)
const dropParts = new Statement<[string, number]>(
  'delete from chunk where number in (select number from chunk where fileId = ? limit ?)',
)
const drop = new Statement<[string]>('delete from file where id = ?')

/** What the server has, as this device shows it: an attachment as it came, or what it was opened with along with it. */
export type CopyName = AttachmentId | `${AttachmentId} ${string}`

/** One that is opened with another key is another file, whatever the server calls it. */
export function copyName(id: AttachmentId, secret: AttachmentSecret | null): CopyName {
  if (!secret) return id
  const opening = createHash('sha256').update(secret.key).update(` ${secret.bytes}`).digest('base64url')
  return `${id} ${opening}`
}

type FileName = DraftAttachmentId | CopyName

export interface HeldFile {
  readonly id: FileName
  readonly bytes: number
}

/** Begins a file, of which the parts are to follow; one of that id is begun anew. */
export function beginFile(connection: Connection, id: FileName): void {
  insert.on(connection).run(id, 0)
}

/** All its parts are there. */
export function endFile(connection: Connection, id: FileName, bytes: number): void {
  resize.on(connection).run(bytes, id)
}

/** All parts but the last are `chunkBytes` long. */
export function putChunk(connection: Connection, id: FileName, part: number, data: Uint8Array): void {
  putPart.on(connection).run(id, part, data)
}

/** From now on it is a copy of the server's attachment, and may be dropped as one, with others that are too many. */
export function nameFile(
  connection: Connection,
  id: FileName,
  copyOf: CopyName,
  bytesMax = attachmentCacheBytesMax,
): void {
  name.on(connection).run(copyOf, id)
  let { bytes } = copiesHeld(connection)
  for (const copy of bytes > bytesMax ? allCopies.on(connection).all() : []) {
    if (bytes <= bytesMax) return
    unname.on(connection).run(copy.id)
    bytes -= copy.bytes
  }
}

/** A file by its own name, or as a copy. */
export const fileOf = (connection: Connection, key: FileName): HeldFile | null =>
  byKey.on(connection).get(key, key) ?? null

export function touchFile(connection: Connection, { id }: HeldFile): void {
  use.on(connection).run(id)
}

export const copiesHeld = (connection: Connection) => copies.on(connection).get() ?? { bytes: 0, files: 0 }

/** Copies that are no longer to be had; what they were made of is dropped in steps, by `dropUnneeded`. */
export const forgetCopy = (connection: Connection, id: AttachmentId): void =>
  void unnameCopies.on(connection).run({ id })
export const forgetCopies = (connection: Connection): void => void unnameAll.on(connection).run()

/** The bytes from `start` on, up to before `end`. @throws Refusal `not-found` when it was dropped meanwhile. */
export function bytesOf(connection: Connection, file: HeldFile, start: number, end: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  const until = Math.min(end, file.bytes)
  for (let at = start; at < until;) {
    const part = Math.floor(at / chunkBytes)
    const first = part * chunkBytes
    const data = partOf.on(connection).get(file.id, part)
    if (!data) throw new Refusal('not-found', 'This file is no longer on this device.')
    parts.push(data.subarray(at - first, Math.min(data.length, until - first)))
    at = first + chunkBytes
  }
  return parts
}

const firstUnneeded = (connection: Connection, underWay: ReadonlySet<string>): string | undefined =>
  unneeded
    .on(connection)
    .all()
    .find((each) => !underWay.has(each))

/** Whether there are files that nobody needs. @param underWay files that are being taken in, and have no name yet */
export const hasUnneeded = (connection: Connection, underWay: ReadonlySet<string>): boolean =>
  firstUnneeded(connection, underWay) !== undefined

/** Drops a few pieces of them. @returns false when there is no more to drop. */
export function dropUnneeded(connection: Connection, underWay: ReadonlySet<string>): boolean {
  const id = firstUnneeded(connection, underWay)
  if (id === undefined) return false
  const { changes } = dropParts.on(connection).run(id, chunksDroppedPerStep)
  if (changes < chunksDroppedPerStep) drop.on(connection).run(id)
  return true
}
