import { open } from 'node:fs/promises'
import { Refusal } from '@parley/domain/refusal'
import type { DeskPort } from './desk-port.ts'

/**
 * Writes a text into a file that the person chose; nobody else on the computer may read it.
 * @throws Refusal `not-found`, `not-allowed`; what the disk says.
 */
export async function saveText(desk: DeskPort, handle: string, text: string): Promise<void> {
  const { path, purpose } = await desk.claimFile(handle)
  if (purpose !== 'write') throw new Refusal('not-allowed', 'This file was chosen to be read.')
  const file = await open(path, 'w', 0o600)
  try {
    // Of a file that was there the mode is as it was.
    await file.chmod(0o600)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}
