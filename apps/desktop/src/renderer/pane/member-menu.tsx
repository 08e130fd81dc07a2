import { Crown, MessageCircle, Shield, ShieldOff, Undo2, UserMinus } from 'lucide-react'
import { act, complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import type { ConversationView, Person } from '../live/queries.ts'
import { talkTo } from '../people/talk.ts'
import type { MenuItem, MenuItems } from '../ui/menu.tsx'
import type { MemberView } from './member-rows.ts'
import type { MemberRights } from './rights.ts'

/** What is asked once more before it is done. */
export interface Asked {
  readonly kind: 'remove' | 'hand-over'
  readonly person: Pick<Person, 'id' | 'displayName'>
}

interface Around {
  readonly view: ConversationView
  readonly ask: (asked: Asked) => void
}

/** What can be done with a member: only what one may. */
export function menuOfMember(member: MemberView, rights: MemberRights, { view, ask }: Around): MenuItems {
  const { accountId, person, joinedAt, pending } = member
  const named = { id: accountId, displayName: person?.displayName ?? 'this person' }
  const setRole = (role: 'admin' | 'member') =>
    void act({ kind: 'set-role', conversationId: view.id, accountId, role })
  const [waiting] = pending
  const undoable: MenuItem | null =
    waiting === undefined
      ? null
      : {
          label: joinedAt === null ? 'Do not add' : 'Take the change back',
          icon: <Undo2 size={16} />,
          run: () => void engine.outbox.undo.mutate({ id: waiting }).catch(complain),
        }
  const roles: readonly (MenuItem | false)[] = [
    rights.makeAdmin && { label: 'Make admin', icon: <Shield size={16} />, run: () => setRole('admin') },
    rights.makeMember && {
      label: 'Make member',
      icon: <ShieldOff size={16} />,
      run: () => setRole('member'),
    },
    rights.handOver && {
      label: 'Hand the group over …',
      icon: <Crown size={16} />,
      run: () => ask({ kind: 'hand-over', person: named }),
    },
    rights.remove && {
      label: 'Remove …',
      icon: <UserMinus size={16} />,
      tone: 'danger',
      run: () => ask({ kind: 'remove', person: named }),
    },
  ]
  // Nobody has a role before they are in.
  const shown = joinedAt === null ? [] : roles.filter((item) => item !== false)
  return [
    ...(person?.disabled === true
      ? []
      : [
          {
            label: 'Send a message',
            icon: <MessageCircle size={16} />,
            run: () => void talkTo(accountId),
          },
        ]),
    ...(undoable ? [undoable] : []),
    ...(shown.length > 0 && person?.disabled !== true ? [null] : []),
    ...shown,
  ]
}
