import { safeStorage } from 'electron'
import { Refusal } from '@parley/domain/refusal'
import type { Keyring, Protection } from '../desk/services.ts'

/**
 * The system's keyring: Keychain, DPAPI, libsecret or KWallet. Where Linux has none, Electron would wrap with a key that
 * is the same for everybody; that is no protection, and is called none.
 */
export const systemKeyring: Keyring = {
  async protection(): Promise<Protection> {
    if (!(await safeStorage.isAsyncEncryptionAvailable())) return 'none'
    if (process.platform !== 'linux') return 'keyring'
    return ['gnome_libsecret', 'kwallet', 'kwallet5', 'kwallet6'].includes(
      safeStorage.getSelectedStorageBackend(),
    )
      ? 'keyring'
      : 'none'
  },

  async protect(secret) {
    if ((await systemKeyring.protection()) === 'none') {
      throw new Refusal('not-allowed', 'This system has no keyring.')
    }
    return safeStorage.encryptStringAsync(Buffer.from(secret).toString('base64'))
  },

  async unprotect(wrapped) {
    const { result } = await safeStorage.decryptStringAsync(Buffer.from(wrapped))
    return Buffer.from(result, 'base64')
  },
}
