import type { GroupAbout } from '../live/queries.ts'

export type JoinPolicy = GroupAbout['joinPolicy']

export const joinPolicies = [
  'closed',
  'open',
  'approval',
  'password',
] as const satisfies readonly JoinPolicy[]

/** What a policy is called, what it means to those who choose it, and to those who want to join. */
export const policyWords: Readonly<
  Record<JoinPolicy, { readonly label: string; readonly hint: string; readonly mark: string }>
> = {
  closed: {
    label: 'Only by adding',
    hint: 'You and its admins add people.',
    mark: 'Only its admins add people',
  },
  open: { label: 'Open', hint: 'Anybody on this server may join.', mark: 'Open to everybody' },
  approval: { label: 'By approval', hint: 'People ask, and an admin decides.', mark: 'By approval' },
  password: {
    label: 'With a password',
    hint: 'Whoever knows the password may join.',
    mark: 'With a password',
  },
}

export const memberWords = (count: number) => (count === 1 ? '1 member' : `${count.toLocaleString()} members`)
