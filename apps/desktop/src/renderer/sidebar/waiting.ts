import type { AccountId } from '@parley/domain/ids'
import type { Requests } from '../live/queries.ts'

type Waiting = {
  readonly toDecide: readonly unknown[]
  readonly invitations: readonly Pick<Requests['invitations'][number], 'toId' | 'state'>[]
}

/** How many requests and invitations wait for this account's answer. */
export const waitingFor = (me: AccountId | undefined, { toDecide, invitations }: Waiting): number =>
  toDecide.length + invitations.filter(({ toId, state }) => toId === me && state === 'waiting').length
