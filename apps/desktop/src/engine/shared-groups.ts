import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Engine } from '@parley/sync/engine'

/** Of the groups in which something was said last: looking through members takes a while in very large ones. */
const groupsMax = 100
const membersMax = 500

export interface SharedGroups {
  readonly groups: readonly { readonly id: ConversationId; readonly name: string }[]
  /** Their members are not all held: `loadMembers` would tell. */
  readonly unknown: readonly ConversationId[]
}

/** The groups that one is in together with somebody, as far as their members are held. */
export function sharedGroups(engine: Engine, accountId: AccountId): SharedGroups {
  const groups: SharedGroups['groups'][number][] = []
  const unknown: ConversationId[] = []
  const looked = engine
    .conversations()
    .filter(({ conversation, memberCount }) => conversation.kind === 'group' && memberCount <= membersMax)
    .slice(0, groupsMax)
  for (const { id, conversation } of looked) {
    if (!isOnServer(id)) continue
    const { members, complete } = engine.members(id)
    if (members.some((member) => member.accountId === accountId)) groups.push({ id, name: conversation.name })
    else if (!complete) unknown.push(id)
  }
  return { groups, unknown }
}

const isOnServer = (id: string): id is ConversationId => !id.startsWith('local-')
