import type { AccountId } from '@parley/domain/ids'
import type { ChainChange } from '@parley/domain/sealed/chain-entry'
import { headOf } from '@parley/domain/sealed/device-list'
import { headsToName } from '../../src/chain-author.ts'
import type { Program } from './program.ts'

export const deeds = [
  'sync',
  'send',
  'send',
  'send',
  'send',
  'add-device',
  'revoke-device',
  'begin-again',
  'add',
  'add',
  'add',
  'remove',
  'remove',
  'leave',
  'join',
  'join',
  'role',
  'policy',
  'epoch',
  'race',
  'race-of-changes',
  'answer',
  'race-of-answers',
  'ghost',
] as const

export interface Step {
  /** Which device acts, and whom or what it concerns: numbers that are taken modulo what there is. */
  readonly who: number
  readonly deed: (typeof deeds)[number]
  readonly whom: number
}

/** Whom a deed concerns. */
interface Target {
  readonly id: AccountId
  readonly identity: string
}

export const nth = <T>(items: readonly T[], number: number): T => {
  const item = items[number % items.length]
  if (item === undefined) throw new RangeError('There is none.')
  return item
}

/** What a deed would write into the chain by what its program knows; null where it is none, or no member does it. */
export function changeOf(
  program: Program,
  deed: Step['deed'],
  target: Target,
  number: number,
  chain: NonNullable<Program['chain']>,
): ChainChange | null {
  const { identity } = program
  if (chain.members.get(program.accountId)?.identity !== identity) return null
  switch (deed) {
    case 'add': {
      const list = program.lists(target.id, target.identity)
      if (!list) return null
      const again = chain.members.has(target.id)
      const needsEpoch = again || chain.history === 'joining'
      const members = [{ accountId: target.id, head: headOf(list) }]
      return { op: 'add', members, epoch: needsEpoch ? program.newEpoch(chain) : null }
    }
    case 'remove': {
      const heads = headsToName(chain, program.lists)
      return { op: 'remove', accountIds: [target.id], epoch: program.newEpoch(chain), heads }
    }
    case 'leave':
      return { op: 'leave' }
    case 'role':
      return {
        op: 'role',
        accountId: target.id,
        role: nth(['member', 'admin', 'founder'] as const, number),
      }
    case 'policy':
      return {
        op: 'policy',
        joinPolicy: nth(['open', 'closed', 'password', 'approval'] as const, number),
        history: nth(['joining', 'everything'] as const, number >> 2),
      }
    default:
      return null
  }
}
