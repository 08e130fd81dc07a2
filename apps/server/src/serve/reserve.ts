import { randomBytes } from 'node:crypto'
import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { isFull } from '../files/durable.ts'
import type { DataFolder } from './data-folder.ts'

/**
 * What a start takes of the disk before anything is written: memory that SQLite's connections share, logs of the database and of
 * the index, and small files. Several times of it, as others may be faster.
 */
const reserveBytes = 1024 * 1024
const reserveBytesMin = 256 * 1024

/** While a server runs, room is for what is written before it is for the next start. */
export const leftBesideServerBytes = 16 * reserveBytes

/** Gives the reserve away where there is no room without it: a server must start on a full disk, to be read and to be told of. */
export function giveReserve(folder: DataFolder): void {
  if (freeBytes(folder) < reserveBytes) rmSync(folder.reserve, { force: true })
}

/**
 * Makes the reserve where there is none, and room for it.
 * @param leftBytes what it leaves to whoever writes meanwhile
 */
export function takeReserve(folder: DataFolder, leftBytes: number): void {
  if (existsSync(folder.reserve)) return
  const bytes = Math.min(reserveBytes, freeBytes(folder) - leftBytes)
  if (bytes < reserveBytesMin) return
  try {
    // Zeros take no room on some file systems.
    writeFileSync(folder.reserve, randomBytes(bytes), { mode: 0o600 })
  } catch (error) {
    rmSync(folder.reserve, { force: true })
    if (!isFull(error)) throw error
  }
}

function freeBytes({ path }: DataFolder): number {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize
}
