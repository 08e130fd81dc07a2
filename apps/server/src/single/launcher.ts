import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { getAsset, getAssetKeys, getRawAsset } from 'node:sea'

/** Names what is inside, so that two versions of the program do not share a folder. */
export const stampAsset = 'stamp'
const program = 'parley.js'

/**
 * The start of the single executable. The system loads native code from files only, and threads start from files too:
 * so everything is laid out in a folder of the user's cache, once, and runs from there.
 */
function launch(): void {
  const folder = unpacked()
  // Modules of an executable's own main script are found by name only; those of a file, where they are.
  createRequire(join(folder, program))(`./${program}`)
}

function unpacked(): string {
  const problems: string[] = []
  for (const cache of caches()) {
    const folder = join(cache, `parley-${getAsset(stampAsset, 'utf8')}`)
    try {
      unpackInto(folder)
      return folder
    } catch (error) {
      problems.push(`${folder}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(
    `Parley finds no folder to unpack itself into. Set XDG_CACHE_HOME to one.\n${problems.join('\n')}`,
  )
}

/** Where programs keep what can be made again, best first. A service manager names a folder of the service's own. */
function caches(): string[] {
  const { CACHE_DIRECTORY, XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  const named = [CACHE_DIRECTORY?.split(':')[0], XDG_CACHE_HOME, LOCALAPPDATA].filter(
    (one) => one !== undefined && one !== '',
  )
  const own = process.platform === 'darwin' ? join(homedir(), 'Library/Caches') : join(homedir(), '.cache')
  const shared = join(tmpdir(), `parley-${process.getuid?.() ?? 'cache'}`)
  return [...named, own, shared].filter((one) => one !== undefined)
}

/**
 * Lays out what is not there yet, or is not as it should be: what another start left half done is made whole.
 * @throws when the folder cannot be written to, or somebody else could write to it.
 */
function unpackInto(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  refuseShared(folder)
  for (const key of getAssetKeys()) {
    if (key === stampAsset) continue
    const path = join(folder, key)
    const content = new Uint8Array(getRawAsset(key))
    if (holds(path, content)) continue
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const draft = `${path}.${process.pid}`
    writeFileSync(draft, content, { mode: 0o600 })
    renameSync(draft, path)
  }
}

function refuseShared(folder: string): void {
  const uid = process.getuid?.()
  if (uid === undefined) return
  const { uid: owner, mode } = statSync(folder)
  if (owner !== uid || (mode & 0o022) !== 0)
    throw new Error('others could change what would be run from there')
}

function holds(path: string, content: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(content)
  } catch {
    return false
  }
}

launch()
