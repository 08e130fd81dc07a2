import { backoffMs } from '@parley/client/backoff'
import { pause, systemClock } from '@parley/client/clock'
import { overHttp } from '@parley/client/http'
import { ParleyError } from '@parley/client/parley-error'
import { signIn } from '@parley/client/sign-in'
import { BotError } from './bot-error.ts'
import type { Ledger } from './ledger.ts'

export interface Credentials {
  /** The server's address, such as `https://chat.example.org`. */
  readonly server: string | URL
  /** Of a bot account, or of any session. */
  readonly token?: string | undefined
  /** Instead of a token, for the account of a person: signed in once, and the session is kept in the folder. */
  readonly username?: string | undefined
  readonly password?: string | undefined
  /** What the session is called in the account's list of sessions. */
  readonly deviceName?: string | undefined
}

/**
 * A token that the server takes, of the account whose folder this is. While the server cannot be reached it goes on
 * trying, until the signal aborts.
 * @throws BotError `other-account`, `invalid-input`; ParleyError `signed-out`, `wrong-credentials`, `account-disabled`,
 * `not-understood`, `aborted`
 */
export async function tokenFor(wish: Credentials, ledger: Ledger, signal?: AbortSignal): Promise<string> {
  for (let failures = 0; ; failures += 1) {
    if (signal?.aborted) throw new BotError('aborted', 'The signal was aborted.', { cause: signal.reason })
    try {
      return await knock(wish, ledger)
    } catch (error) {
      if (!(error instanceof ParleyError) || !passing.has(error.kind)) throw error
      await pause(systemClock, (error.retryAfterMs ?? 0) + backoffMs(failures, Math.random), signal)
    }
  }
}

const passing: ReadonlySet<ParleyError['kind']> = new Set<ParleyError['kind']>([
  'unreachable',
  'connection-lost',
  'rate-limited',
  'shutting-down',
])

async function knock(wish: Credentials, ledger: Ledger): Promise<string> {
  const url = wish.server
  const given = wish.token ?? ledger.kept('token')
  if (given !== null) {
    try {
      const { id } = await overHttp({ url, token: given }).account.me.query()
      return kept(ledger, id, given)
    } catch (error) {
      const isOver = error instanceof ParleyError && error.kind === 'signed-out'
      if (!isOver || wish.token !== undefined || wish.password === undefined) throw error
    }
  }
  const { username, password, deviceName = 'Bot' } = wish
  if (username === undefined || password === undefined)
    throw new BotError('invalid-input', 'A token is needed, or a username with a password.', {
      field: 'token',
    })
  const { token, account } = await signIn({ url, username, password, deviceName })
  return kept(ledger, account.id, token)
}

function kept(ledger: Ledger, accountId: string, token: string): string {
  const known = ledger.kept('account')
  if (known !== null && known !== accountId)
    throw new BotError('other-account', 'What is in the folder is another account’s.')
  ledger.keep('account', accountId)
  ledger.keep('token', token)
  return token
}
