/** How the keys of this device can be kept: by the system's keyring, or, where there is none, by a passphrase. */
export type Protection = 'keyring' | 'none'

/** What the engine asks of the process that owns the windows and the system. */
export interface DeskPort {
  protection(): Promise<Protection>
  /** Wraps with a key that the system's keyring keeps for this person and app. */
  protect(secret: Uint8Array): Promise<Uint8Array>
  /** @throws when the keyring does not know it any more. */
  unprotect(wrapped: Uint8Array): Promise<Uint8Array>
  /**
   * The path of a file that a person chose, for the handle that the page was given of it; once.
   * @throws Refusal `not-found`.
   */
  claimFile(handle: string): Promise<{ readonly path: string; readonly purpose: 'read' | 'write' }>
  /** Opens an address in the browser. */
  openExternal(url: string): Promise<void>
}
