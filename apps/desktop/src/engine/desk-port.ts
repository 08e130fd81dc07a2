/** How the keys of this device can be kept: by the system's keyring, or, where there is none, by a passphrase. */
export type Protection = 'keyring' | 'none'

/** What the engine asks of the process that owns the windows and the system. */
export interface DeskPort {
  protection(): Promise<Protection>
  /** Wraps with a key that the system's keyring keeps for this person and app. */
  protect(secret: Uint8Array): Promise<Uint8Array>
  /** @throws when the keyring does not know it any more. */
  unprotect(wrapped: Uint8Array): Promise<Uint8Array>
  /** Opens an address in the browser. */
  openExternal(url: string): Promise<void>
}
