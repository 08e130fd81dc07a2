import type { ParleyError } from '../parley-error.ts'
import type { WaitReason } from './ending.ts'

/**
 * Where a connection stands. `connecting` is a try under way, `waiting` the time until the next one (`nextTryAt`: in
 * milliseconds since 1970). `refused` and `closed` are final: the server wants no more of this token, or the program
 * of this client.
 */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'online' }
  | { readonly kind: 'waiting'; readonly reason: WaitReason; readonly nextTryAt: number }
  | { readonly kind: 'refused'; readonly error: ParleyError }
  | { readonly kind: 'closed' }
