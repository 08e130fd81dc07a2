import type { Command } from '../../main/commands.ts'
import type { AppState } from './queries.ts'

type Account = Extract<AppState, { kind: 'signed-in' }>['account']
type Known = Pick<Account, 'key' | 'url'>

/** Which account a command is about: the one that is open, another one of this device, or none of it. */
export type Whose =
  | { readonly kind: 'open' }
  | { readonly kind: 'other'; readonly key: string }
  | { readonly kind: 'none' }

/** @param key this device's name for the account that a notification was of */
export function whoseNotification(key: string, open: Known, accounts: readonly Known[]): Whose {
  if (key === open.key) return { kind: 'open' }
  return accounts.some((account) => account.key === key) ? { kind: 'other', key } : { kind: 'none' }
}

/** @param server its origin; null for whichever is open */
export function whoseServer(server: string | null, open: Known, accounts: readonly Known[]): Whose {
  if (server === null || originOf(open.url) === server) return { kind: 'open' }
  const other = accounts.find(({ url }) => originOf(url) === server)
  return other ? { kind: 'other', key: other.key } : { kind: 'none' }
}

/** Of a command that shows something in a conversation. */
export const whoseCommand = (
  command: Extract<Command, { kind: 'open-notification' | 'open-message' }>,
  open: Known,
  accounts: readonly Known[],
): Whose =>
  command.kind === 'open-notification'
    ? whoseNotification(command.account, open, accounts)
    : whoseServer(command.server, open, accounts)

const originOf = (address: string) => URL.parse(address)?.origin ?? null
