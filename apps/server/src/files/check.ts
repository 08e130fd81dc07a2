import { join } from 'node:path'
import type { Reading } from '@parley/db/stores'
import { Contents, contentFolders, contentPath, isContentHash } from './contents.ts'
import { hashFile } from './part.ts'

const pageMax = 500

/**
 * Something that is wrong with the contents of a data folder. `missing` and `damaged` ones were lost or changed after
 * they had been stored; `unreferenced` ones nothing uses, and the server sweeps them; `unknown` is a name that the
 * server does not give.
 */
export interface ContentFinding {
  readonly kind: 'missing' | 'damaged' | 'unreferenced' | 'unknown'
  /** The content's hash, or the name of what is unknown. */
  readonly name: string
}

/** Reads every stored content and compares it with its name. @param directory where contents lie */
export async function* checkContents(
  { attachments }: Pick<Reading, 'attachments'>,
  directory: string,
): AsyncGenerator<ContentFinding> {
  const contents = new Contents(directory)
  for (let after = ''; ;) {
    const page = await attachments.contentHashes(after, pageMax)
    for (const { contentHash, bytes } of page) {
      const stored = await contents.bytesOf(contentHash)
      if (stored === null) yield { kind: 'missing', name: contentHash }
      else if (
        stored !== bytes ||
        (await hashFile(join(directory, contentPath(contentHash)))) !== contentHash
      ) {
        yield { kind: 'damaged', name: contentHash }
      }
    }
    const last = page.at(-1)
    if (!last || page.length < pageMax) break
    after = last.contentHash
  }
  for (const folder of contentFolders) {
    for (const name of await contents.names(folder)) {
      if (!isContentHash(name)) yield { kind: 'unknown', name: `${folder}/${name}` }
      else if (!(await attachments.isContentUsed(name))) yield { kind: 'unreferenced', name }
    }
  }
}
