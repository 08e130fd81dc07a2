import { mayInConversation, mayRemove } from '@parley/domain/permissions'
import type { ConversationView, Members } from '../live/queries.ts'

type Of = Pick<ConversationView, 'role' | 'memberCount'> & {
  readonly conversation: Pick<ConversationView['conversation'], 'kind' | 'closedAt'>
}
type Member = Pick<Members['members'][number], 'accountId' | 'role'>

export interface Rights {
  readonly rename: boolean
  readonly setJoinPolicy: boolean
  readonly addMembers: boolean
  readonly setRoles: boolean
  readonly handOver: boolean
  readonly close: boolean
  readonly turnSealed: boolean
  /** `hand-over-first`: the founder stays while there are others. */
  readonly leave: 'yes' | 'no' | 'hand-over-first'
}

/** What one may do in a conversation as a whole. In a closed one nothing changes, but one can leave it. */
export function rightsIn({ conversation, role, memberCount }: Of): Rights {
  const isOpen = conversation.closedAt === null
  const may = (action: Parameters<typeof mayInConversation>[2]) =>
    isOpen && mayInConversation(conversation.kind, role, action)
  const isBound = role === 'founder' && isOpen && memberCount > 1
  return {
    rename: may('rename'),
    setJoinPolicy: may('set-join-policy'),
    addMembers: may('add-members'),
    setRoles: may('set-role'),
    handOver: may('hand-over') && memberCount > 1,
    close: may('close'),
    turnSealed: isOpen && (conversation.kind === 'direct' || role === 'founder'),
    leave: conversation.kind === 'direct' ? 'no' : isBound ? 'hand-over-first' : 'yes',
  }
}

export interface MemberRights {
  readonly remove: boolean
  readonly makeAdmin: boolean
  readonly makeMember: boolean
  readonly handOver: boolean
}

/** What one may do with a member; nothing with oneself, as leaving is another thing. */
export function rightsOver(view: Of, member: Member, meId: string): MemberRights {
  const { setRoles, handOver } = rightsIn(view)
  const isOther = member.accountId !== meId
  const isOpen = view.conversation.closedAt === null && view.conversation.kind === 'group'
  return {
    remove: isOther && isOpen && mayRemove(view.role, member.role),
    makeAdmin: isOther && setRoles && member.role === 'member',
    makeMember: isOther && setRoles && member.role === 'admin',
    handOver: isOther && handOver,
  }
}
