import { randomBytes, randomUUID } from 'node:crypto'
import { Refusal } from '@parley/domain/refusal'
import type { DeskPort } from '../../src/engine/desk-port.ts'
import { openSecret, sealSecret } from '../../src/engine/vault/sealing.ts'

export interface TestDesk extends DeskPort {
  /** The addresses that were opened. */
  readonly opened: readonly string[]
  /** A person chooses a file: the handle that the page is given of it. */
  choose(path: string, purpose: 'read' | 'write'): string
  /** What the system's keyring holds is gone, as after a reinstalled system. */
  forgetKeyring(): void
}

/** The desk of a computer whose keyring, where it has one, is in memory. */
export function makeDesk({ keyring }: { readonly keyring: boolean }): TestDesk {
  let key = randomBytes(32)
  const opened: string[] = []
  const chosen = new Map<string, { path: string; purpose: 'read' | 'write' }>()
  return {
    opened,
    forgetKeyring() {
      key = randomBytes(32)
    },
    choose(path, purpose) {
      const handle = randomUUID()
      chosen.set(handle, { path, purpose })
      return handle
    },
    async claimFile(handle) {
      const file = chosen.get(handle)
      if (!file || !chosen.delete(handle)) throw new Refusal('not-found', 'This file was not chosen.')
      return file
    },
    protection: async () => (keyring ? 'keyring' : 'none'),
    protect: async (secret) => sealSecret(key, secret, 'test'),
    unprotect: async (wrapped) => openSecret(key, wrapped, 'test'),
    async openExternal(url) {
      opened.push(url)
    },
  }
}
