import { useQuery } from '@tanstack/react-query'
import { Ellipsis, UserPlus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { BotsReading } from '../encryption/bots-reading.tsx'
import { HandOverConfirm } from '../groups/hand-over-dialog.tsx'
import { useAllMembers } from '../groups/use-all-members.ts'
import { act, troubleText } from '../live/act.ts'
import { type ConversationView, membersQuery, meQuery, outboxQuery, type Person } from '../live/queries.ts'
import { FilterList } from '../people/filter-list.tsx'
import { PersonLine } from '../people/person-line.tsx'
import { useNow } from '../people/use-now.ts'
import { openOverlay } from '../state/overlay.ts'
import { openPane } from '../state/place.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { ConfirmNow } from '../ui/dialog.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Menu } from '../ui/menu.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { type Asked, menuOfMember } from './member-menu.tsx'
import { botsAmong, memberRows, type MemberView } from './member-rows.ts'
import { RefusedHere } from './refused-here.tsx'
import { MembersToBe } from './members-to-be.tsx'
import { rightsIn, rightsOver } from './rights.ts'

const kindsHere = ['add-members', 'remove-member', 'set-role', 'hand-over'] as const

/** Who is in a group, by role, and what one may do about it. */
export function MembersPane({ view }: { readonly view: ConversationView }) {
  const { data: known } = useQuery(membersQuery(view.id))
  const all = useAllMembers(view.id)
  const isOnline = useOnline()
  const isLocal = view.id.startsWith('local-')
  const bots = view.conversation.sealed ? botsAmong(known?.members ?? []) : []
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2 pt-3">
      {(rightsIn(view).addMembers || view.problems > 0 || bots.length > 0) && (
        <div className="flex flex-col gap-2 px-4">
          {rightsIn(view).addMembers && (
            <Button onClick={() => openOverlay({ kind: 'add-members', id: view.id })}>
              <UserPlus aria-hidden size={16} />
              Add people
            </Button>
          )}
          <RefusedHere id={view.id} kinds={kindsHere} />
          <BotsReading names={bots} />
        </div>
      )}
      {isLocal ? (
        <MembersToBe view={view} />
      ) : known?.complete === true ? (
        <MemberList view={view} members={known.members} />
      ) : known && !isOnline ? (
        <>
          <p role="status" className="px-4 text-small text-dim">
            There is no connection, and not all members are known on this device yet.
          </p>
          {known.members.length > 0 && <MemberList view={view} members={known.members} />}
        </>
      ) : all.error ? (
        <Failed text={troubleText(all.error)} onRetry={all.retry} />
      ) : (
        <Shape lines={4} />
      )}
    </div>
  )
}

interface MemberListProps {
  readonly view: ConversationView
  readonly members: readonly MemberView[]
}

function MemberList({ view, members }: MemberListProps) {
  const { data: me } = useQuery(meQuery)
  const [words, setWords] = useState('')
  const [asked, setAsked] = useState<Asked | null>(null)
  const { data: outbox } = useQuery(outboxQuery)
  const refused = useMemo(
    () => new Set<string>(outbox?.filter(({ state }) => state === 'refused').map(({ id }) => id)),
    [outbox],
  )
  const now = useNow()
  const rows = useMemo(() => memberRows(members, words), [members, words])
  return (
    <>
      <FilterList
        label="Members"
        placeholder="Find a member"
        inset="pane"
        words={words}
        onWords={setWords}
        rows={rows}
        rowPx={48}
        onChoose={(row) => row.heading !== true && openPane({ kind: 'person', id: row.person.id })}
        show={(row) =>
          row.heading === true ? (
            row.label
          ) : (
            <PersonLine
              person={row.person}
              now={now}
              mark={markOf(row.member, { isMe: row.person.id === me?.id, refused })}
            />
          )
        }
        showEnd={(row, isActive) =>
          row.heading !== true &&
          row.person.id !== me?.id && (
            <Menu
              items={menuOfMember(row.member, rightsOver(view, row.member, me?.id ?? ''), {
                view,
                ask: setAsked,
              })}
            >
              <IconButton
                label={`More about ${row.person.displayName}`}
                icon={<Ellipsis size={16} />}
                tabIndex={isActive ? 0 : -1}
                className={
                  isActive ? '' : 'opacity-0 group-hover/row:opacity-100 data-[state=open]:opacity-100'
                }
              />
            </Menu>
          )
        }
        empty={<p className="p-4 text-center text-dim">No member by that name.</p>}
      />
      {asked && <AskAgain view={view} asked={asked} onClose={() => setAsked(null)} />}
    </>
  )
}

/** What is said of a member beside the name. */
function markOf(
  { joinedAt, pending }: MemberView,
  { isMe, refused }: { readonly isMe: boolean; readonly refused: ReadonlySet<string> },
): string | undefined {
  if (joinedAt === null) return 'being added'
  if (pending.some((id) => !refused.has(id))) return 'changing'
  if (pending.length > 0) return 'not changed'
  return isMe ? 'you' : undefined
}

interface AskAgainProps {
  readonly view: ConversationView
  readonly asked: Asked
  readonly onClose: () => void
}

function AskAgain({ view, asked, onClose }: AskAgainProps) {
  if (asked.kind === 'hand-over') return <HandOverConfirm view={view} to={asked.person} onClose={onClose} />
  return <RemoveConfirm view={view} person={asked.person} onClose={onClose} />
}

interface RemoveConfirmProps {
  readonly view: ConversationView
  readonly person: Pick<Person, 'id' | 'displayName'>
  readonly onClose: () => void
}

function RemoveConfirm({ view, person, onClose }: RemoveConfirmProps) {
  return (
    <ConfirmNow
      title={`Remove ${person.displayName}?`}
      about={`From that moment on they get nothing more of ${view.conversation.name}.`}
      done="Remove"
      onDone={() => void act({ kind: 'remove-member', conversationId: view.id, accountId: person.id })}
      onClose={onClose}
    />
  )
}
