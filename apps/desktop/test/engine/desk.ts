import { randomBytes } from 'node:crypto'
import type { DeskPort } from '../../src/engine/desk-port.ts'
import { openSecret, sealSecret } from '../../src/engine/vault/sealing.ts'

export interface TestDesk extends DeskPort {
  /** The addresses that were opened. */
  readonly opened: readonly string[]
  /** What the system's keyring holds is gone, as after a reinstalled system. */
  forgetKeyring(): void
}

/** The desk of a computer whose keyring, where it has one, is in memory. */
export function makeDesk({ keyring }: { readonly keyring: boolean }): TestDesk {
  let key = randomBytes(32)
  const opened: string[] = []
  return {
    opened,
    forgetKeyring() {
      key = randomBytes(32)
    },
    protection: async () => (keyring ? 'keyring' : 'none'),
    protect: async (secret) => sealSecret(key, secret, 'test'),
    unprotect: async (wrapped) => openSecret(key, wrapped, 'test'),
    async openExternal(url) {
      opened.push(url)
    },
  }
}
