import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { act } from '../live/act.ts'
import { type ConversationView, membersQuery, meQuery, type Person } from '../live/queries.ts'
import { FilterList } from '../people/filter-list.tsx'
import { findPeople } from '../people/find-people.ts'
import { PersonLine } from '../people/person-line.tsx'
import { useNow } from '../people/use-now.ts'
import { ConfirmNow, Dialog } from '../ui/dialog.tsx'
import { useAllMembers } from './use-all-members.ts'

interface HandOverDialogProps {
  readonly view: ConversationView
  readonly onClose: () => void
}

/** Chooses who is to be the founder instead of oneself. */
export function HandOverDialog({ view, onClose }: HandOverDialogProps) {
  const { data: known } = useQuery(membersQuery(view.id))
  const { data: me } = useQuery(meQuery)
  useAllMembers(view.id)
  const [words, setWords] = useState('')
  const [to, setTo] = useState<Person | null>(null)
  const now = useNow()
  const people = useMemo(
    () =>
      (known?.members ?? []).flatMap(({ person }) =>
        person && person.id !== me?.id && !person.disabled && !person.bot ? [person] : [],
      ),
    [known, me?.id],
  )
  const rows = useMemo(
    () => findPeople(people, words, 'name').map((person) => ({ key: person.id, person })),
    [people, words],
  )
  return (
    <Dialog
      title={`Hand over ${view.conversation.name}`}
      about="One founder runs a group. You stay in it as an admin."
      onClose={onClose}
    >
      <div className="flex h-72 flex-col px-5 pb-4">
        <FilterList
          label="Members"
          placeholder="Find a member"
          autoFocus
          inset="none"
          words={words}
          onWords={setWords}
          rows={rows}
          rowPx={48}
          onChoose={({ person }) => setTo(person)}
          show={({ person }) => <PersonLine person={person} now={now} />}
          empty={<p className="p-4 text-center text-dim">No member by that name.</p>}
        />
      </div>
      {to && <HandOverConfirm view={view} to={to} onDone={onClose} onClose={() => setTo(null)} />}
    </Dialog>
  )
}

interface HandOverConfirmProps extends HandOverDialogProps {
  readonly to: Pick<Person, 'id' | 'displayName'>
  readonly onDone?: () => void
}

/** Asks once more: only the other can give it back. */
export function HandOverConfirm({ view, to, onDone, onClose }: HandOverConfirmProps) {
  return (
    <ConfirmNow
      title={`Make ${to.displayName} the founder?`}
      about={`You become an admin of ${view.conversation.name}. Only ${to.displayName} can hand it back.`}
      done="Hand over"
      onDone={() => {
        void act({ kind: 'hand-over', conversationId: view.id, accountId: to.id })
        onDone?.()
      }}
      onClose={onClose}
    />
  )
}
