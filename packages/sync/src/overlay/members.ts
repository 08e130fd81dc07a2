import type { AccountId } from '@parley/domain/ids'
import type { Role } from '@parley/domain/conversations'
import type { Action } from '../actions.ts'

export interface MemberBefore {
  readonly accountId: AccountId
  readonly role: Role
  readonly joinedAt: number | null
}

/** Who is in a conversation, and as what, once an action on it has happened. */
export function membersAfter<M extends MemberBefore>(
  members: readonly (M | MemberBefore)[],
  action: Action,
  me: AccountId,
): readonly (M | MemberBefore)[] {
  switch (action.kind) {
    case 'add-members': {
      const known = new Set(members.map((member) => member.accountId))
      const added = action.accountIds.filter((id) => !known.has(id))
      return [
        ...members,
        ...added.map((accountId) => ({ accountId, role: 'member', joinedAt: null }) as const),
      ]
    }
    case 'remove-member':
      return members.filter((member) => member.accountId !== action.accountId)
    case 'set-role':
      return members.map((member) =>
        member.accountId === action.accountId ? { ...member, role: action.role } : member,
      )
    case 'hand-over':
      return members.map((member) => {
        if (member.accountId === action.accountId) return { ...member, role: 'founder' }
        return member.accountId === me ? { ...member, role: 'admin' } : member
      })
    default:
      return members
  }
}
