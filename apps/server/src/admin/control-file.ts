import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { DataFolder } from '../serve/data-folder.ts'

/** How the server that runs on a data folder is reached by who owns the folder. */
export const ControlPoint = z.strictObject({
  /** A Unix socket, or a named pipe on Windows. */
  socket: z.string(),
  /** Proves that whoever asks can read the folder: on Windows, a pipe is open to more. */
  secret: z.string(),
  /** The server's address for people. */
  url: z.string(),
})
export type ControlPoint = z.infer<typeof ControlPoint>

const pathOf = (folder: DataFolder) => join(folder.control, 'point.json')

export function writeControlPoint(folder: DataFolder, point: ControlPoint): void {
  const path = pathOf(folder)
  const draft = `${path}.new`
  writeFileSync(draft, JSON.stringify(point), { mode: 0o600 })
  renameSync(draft, path)
}

/** @returns null when no server runs here, or none has since the last one stopped in order. */
export function readControlPoint(folder: DataFolder): ControlPoint | null {
  let text
  try {
    text = readFileSync(pathOf(folder), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return ControlPoint.parse(JSON.parse(text))
}

export function removeControlPoint(folder: DataFolder): void {
  rmSync(pathOf(folder), { force: true })
}
