import { addressesOf } from '@parley/client/addresses'
import { Refusal } from '@parley/domain/refusal'

const local = /^(localhost|127(\.\d+){3}|\[::1\])(:|\/|$)/

/**
 * The address that a person typed, as one that can be connected to: `chat.example.org` is `https://chat.example.org`,
 * and only this very computer is spoken to without encryption unless `http://` is typed out.
 * @throws Refusal `invalid-input`.
 */
export function serverAddress(typed: string): string {
  const text = typed.trim().replace(/\/+$/, '')
  const url = /^[a-z]+:\/\//i.test(text) ? text : `${local.test(text) ? 'http' : 'https'}://${text}`
  try {
    return addressesOf(url).http.replace(/\/trpc$/, '')
  } catch {
    throw new Refusal('invalid-input', 'A server has an address such as chat.example.org', { field: 'url' })
  }
}
