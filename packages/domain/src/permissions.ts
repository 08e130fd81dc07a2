import type { Conversation, Role } from './conversations.ts'

/** What somebody can want to do in a conversation. */
export type Action =
  | 'read'
  | 'send'
  | 'react'
  | 'delete-of-others'
  | 'rename'
  | 'set-join-policy'
  | 'decide-requests'
  | 'add-members'
  | 'remove-member'
  | 'set-role'
  | 'hand-over'
  | 'close'

const rank = { member: 1, admin: 2, founder: 3 } as const satisfies Record<Role, number>

/** The lowest role that may. */
const needed = {
  read: 'member',
  send: 'member',
  react: 'member',
  'delete-of-others': 'admin',
  rename: 'admin',
  'set-join-policy': 'admin',
  'decide-requests': 'admin',
  'add-members': 'admin',
  'remove-member': 'admin',
  'set-role': 'founder',
  'hand-over': 'founder',
  close: 'founder',
} as const satisfies Record<Action, Role>

/** Nobody runs a direct conversation: its two members read and write, and that is all that can be done in it. */
const inDirect: ReadonlySet<Action> = new Set(['read', 'send', 'react'])

export const mayInConversation = (kind: Conversation['kind'], role: Role, action: Action): boolean =>
  kind === 'direct' ? inDirect.has(action) : rank[role] >= rank[needed[action]]

/** Somebody is removed by a higher role only, so that admins cannot remove each other. */
export const mayRemove = (by: Role, target: Role): boolean =>
  rank[by] >= rank[needed['remove-member']] && rank[by] > rank[target]
