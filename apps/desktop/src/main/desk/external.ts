import { Refusal } from '@parley/domain/refusal'

export const externalCharsMax = 2_000

/** Everything else may start a program: `file:`, `smb:`, `ms-…:`, `javascript:`. */
const protocolsAllowed: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:'])

/**
 * The address as it may be handed to the system.
 *
 * @throws Refusal `invalid-input` for whatever is no address of the web or of mail, or names somebody in it
 */
export function externalAddress(address: string): string {
  const url = address.length <= externalCharsMax ? URL.parse(address) : null
  if (!url || !protocolsAllowed.has(url.protocol)) {
    throw new Refusal('invalid-input', 'Only addresses of the web and of mail are opened.', { field: 'url' })
  }
  // `https://your-bank.example@evil.example` reads as what it is not.
  if (url.username || url.password) {
    throw new Refusal('invalid-input', 'An address with a name before an @ is not opened.', { field: 'url' })
  }
  return url.href
}
