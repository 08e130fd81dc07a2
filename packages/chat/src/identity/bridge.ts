import type { SignedIn } from '@parley/domain/accounts'
import { bridgeVerifyMs, nameCharsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { BridgeSignIn } from '@parley/domain/server'
import pLimit from 'p-limit'
import { type Identity, signInByIdentity } from '../accounts/identities.ts'
import type { Caller } from '../actor.ts'
import type { Chat } from '../chat.ts'
import type { Clock } from '../clock.ts'
import { lineFrom, usernameFrom } from './claims.ts'
import type { HostApplication } from './ports.ts'

/** How many sessions the host application is asked about at once; it has its own work to do. */
const questionsAtOnceMax = 32
const questionsWaitingMax = 10_000

const tooBusy = () =>
  new Refusal('too-many', 'Too many people are signing in right now: try again in a moment.')

/** Sign-in with the host application's sessions. Made once a server. */
export interface Bridge {
  readonly issuer: string
  /** As of the host application; and Refusal `too-many` when it could not be asked within `bridgeVerifyMs`. */
  readonly userOf: HostApplication['userOf']
}

export function openBridge(clock: Clock, host: HostApplication): Bridge {
  const limit = pLimit(questionsAtOnceMax)
  return {
    issuer: host.issuer,
    async userOf(hostSession) {
      if (limit.pendingCount >= questionsWaitingMax) throw tooBusy()
      const latest = clock.now() + bridgeVerifyMs
      return limit(() => {
        if (clock.now() > latest) throw tooBusy()
        return host.userOf(hostSession)
      })
    },
  }
}

/**
 * Whoever is logged in at the host application with this session.
 * @throws Refusal `identity-unverified` when it says that nobody is; `identity-provider-unavailable` when it does not
 * say (who only wants to know whether somebody is logged in takes both for no); `rate-limited`, `too-many`.
 */
export async function identityByBridge(
  chat: Chat,
  bridge: Bridge,
  caller: Caller,
  hostSession: string,
): Promise<Identity> {
  await chat.rates.take('sign-in-address', caller.address)
  const subject = await bridge.userOf(hostSession)
  if (subject === null) {
    throw new Refusal(
      'identity-unverified',
      'The web application says that nobody is logged in with this session.',
      {
        field: 'hostSession',
      },
    )
  }
  return {
    issuer: bridge.issuer,
    subject,
    username: usernameFrom(subject),
    displayName: lineFrom(subject, nameCharsMax),
    name: '',
    lastName: '',
  }
}

/**
 * Signs in whoever is logged in at the host application with this session; an account is made for whom it names first.
 * @throws Refusal as `identityByBridge`, and `account-disabled`.
 */
export async function signInByBridge(
  chat: Chat,
  bridge: Bridge,
  caller: Caller,
  { hostSession, deviceName }: BridgeSignIn,
): Promise<SignedIn> {
  const identity = await identityByBridge(chat, bridge, caller, hostSession)
  return signInByIdentity(chat, identity, { deviceName, admitted: true })
}
