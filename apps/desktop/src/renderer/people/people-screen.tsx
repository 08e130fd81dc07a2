import { useQuery } from '@tanstack/react-query'
import {
  ChevronDown,
  Ellipsis,
  IdCard,
  LockKeyhole,
  MessageCircle,
  MessageCircleQuestion,
  Users,
} from 'lucide-react'
import { useMemo, useState } from 'react'
import { create } from 'zustand'
import type { AccountId } from '@parley/domain/ids'
import { useWhyNotSealed } from '../encryption/why-not-sealed.ts'
import { troubleText } from '../live/act.ts'
import { conversationsQuery, meQuery, peopleQuery, type Person, requestsQuery } from '../live/queries.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu, type MenuItems } from '../ui/menu.tsx'
import { Empty, Failed, Shape } from '../ui/states.tsx'
import { FilterList } from './filter-list.tsx'
import { findPeople, type PeopleOrder } from './find-people.ts'
import { PersonDialog } from './person-dialog.tsx'
import { PersonLine } from './person-line.tsx'
import { ScreenHead } from './screen-head.tsx'
import { talkStanding } from './talk-standing.ts'
import { inviteToTalk, talkTo } from './talk.ts'
import { useNow } from './use-now.ts'

const useOrder = create<{ readonly order: PeopleOrder }>(() => ({ order: 'online' }))

const rowPx = 48

/** Everybody on the server. One click, or Enter, and one talks. */
export function PeopleScreen() {
  const { data: people, error, refetch } = useQuery(peopleQuery)
  const { data: me } = useQuery(meQuery)
  const order = useOrder((state) => state.order)
  const others = useMemo(() => people?.filter(({ id }) => id !== me?.id), [people, me?.id])
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ScreenHead title="People" about={others && countWords(others)}>
        <OrderChoice order={order} />
      </ScreenHead>
      {error && !people ? (
        <Failed text={troubleText(error)} onRetry={() => void refetch()} />
      ) : !others ? (
        <Shape />
      ) : others.length === 0 ? (
        <Empty icon={<Users size={28} />} title="Nobody else is here yet">
          <p>Whoever gets an account on this server is found here, to talk to at once.</p>
        </Empty>
      ) : (
        <PeopleList people={others} order={order} />
      )}
    </div>
  )
}

function countWords(people: readonly Person[]): string {
  const online = people.filter((person) => person.online && !person.disabled).length
  const all = people.length === 1 ? '1 person' : `${people.length.toLocaleString()} people`
  return `${all}, ${online.toLocaleString()} online`
}

function OrderChoice({ order }: { readonly order: PeopleOrder }) {
  const option = (value: PeopleOrder, label: string) => ({
    label,
    checked: order === value,
    run: () => useOrder.setState({ order: value }),
  })
  return (
    <Menu items={[option('online', 'Online first'), option('name', 'By name')]}>
      <button
        type="button"
        className="flex items-center gap-1 rounded-medium py-1 pr-1.5 pl-2 text-soft hover:bg-hover hover:text-text data-[state=open]:bg-hover"
      >
        {order === 'online' ? 'Online first' : 'By name'}
        <ChevronDown aria-hidden size={16} className="text-dim" />
      </button>
    </Menu>
  )
}

interface PeopleListProps {
  readonly people: readonly Person[]
  readonly order: PeopleOrder
}

function PeopleList({ people, order }: PeopleListProps) {
  const [words, setWords] = useState('')
  const [shown, setShown] = useState<AccountId | null>(null)
  const { data: conversations = [] } = useQuery(conversationsQuery)
  const { data: requests = { invitations: [], pending: [] } } = useQuery(requestsQuery)
  const talks = { conversations, requests }
  const isSealable = useWhyNotSealed() === null
  const now = useNow()
  const rows = useMemo(
    () => findPeople(people, words, order).map((person) => ({ key: person.id, person })),
    [people, words, order],
  )
  return (
    <>
      <FilterList
        label="People"
        placeholder="Find people by name"
        autoFocus
        inset="screen"
        words={words}
        onWords={setWords}
        rows={rows}
        rowPx={rowPx}
        onChoose={({ person }) => (person.disabled ? setShown(person.id) : void talkTo(person.id))}
        show={({ person }) => <PersonLine person={person} now={now} />}
        showEnd={({ person }, isActive) => (
          <Menu
            items={menuFor(person, {
              isNew: talkStanding(person.id, talks) !== 'open',
              isSealable,
              isInvitable: talkStanding(person.id, talks) === 'none',
              show: () => setShown(person.id),
            })}
          >
            <IconButton
              label={`More about ${person.displayName}`}
              icon={<Ellipsis size={16} />}
              tabIndex={isActive ? 0 : -1}
              className={
                isActive ? '' : 'opacity-0 group-hover/row:opacity-100 data-[state=open]:opacity-100'
              }
            />
          </Menu>
        )}
        empty={
          <Empty title="Nobody by that name">
            <p>Look for a first name, a last name or a username.</p>
          </Empty>
        }
      />
      {shown !== null && <PersonDialog id={shown} onClose={() => setShown(null)} />}
    </>
  )
}

interface MenuOf {
  /** There is no conversation with the person yet. */
  readonly isNew: boolean
  /** This device can encrypt; where it can not, the person's details say why. */
  readonly isSealable: boolean
  readonly isInvitable: boolean
  readonly show: () => void
}

const menuFor = (person: Person, { isNew, isSealable, isInvitable, show }: MenuOf): MenuItems => [
  ...(person.disabled
    ? []
    : [
        {
          label: 'Send a message',
          icon: <MessageCircle size={16} />,
          run: () => void talkTo(person.id),
        },
        ...(isNew
          ? [
              {
                label: 'Send an encrypted message',
                icon: <LockKeyhole size={16} />,
                disabled: !isSealable,
                run: () => void talkTo(person.id, { sealed: true }),
              },
            ]
          : []),
        ...(isInvitable
          ? [
              {
                label: 'Invite to talk',
                icon: <MessageCircleQuestion size={16} />,
                run: () => void inviteToTalk(person.id, person.displayName),
              },
            ]
          : []),
        null,
      ]),
  { label: 'Details', icon: <IdCard size={16} />, run: show },
]
