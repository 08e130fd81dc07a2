import { useQuery } from '@tanstack/react-query'
import { Check, Search, X } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { AccountId } from '@parley/domain/ids'
import { peopleQuery, type Person } from '../live/queries.ts'
import { Shape } from '../ui/states.tsx'
import { FilterList } from './filter-list.tsx'
import { findPeople } from './find-people.ts'
import { PersonLine } from './person-line.tsx'
import { useNow } from './use-now.ts'

interface PeoplePickerProps {
  /** What they are chosen for: the name of the whole. */
  readonly label: string
  readonly chosen: readonly AccountId[]
  readonly onChange: (chosen: readonly AccountId[]) => void
  /** Those who cannot be chosen, such as oneself and whoever is in already. */
  readonly without: ReadonlySet<AccountId>
  readonly max: number
  readonly autoFocus?: boolean
}

/** Chooses people by typing and Enter, or by the mouse. Who is chosen stands before the field; Backspace takes the last back. */
export function PeoplePicker({
  label,
  chosen,
  onChange,
  without,
  max,
  autoFocus = false,
}: PeoplePickerProps) {
  const { data: people } = useQuery(peopleQuery)
  const [words, setWords] = useState('')
  const inputRef = useRef<HTMLInputElement>(null)
  const now = useNow()
  const candidates = useMemo(
    () => people?.filter(({ id, disabled }) => !disabled && !without.has(id)),
    [people, without],
  )
  const rows = useMemo(
    () => findPeople(candidates ?? [], words, 'name').map((person) => ({ key: person.id, person })),
    [candidates, words],
  )
  const toggle = (id: AccountId) => {
    const next = chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]
    if (next.length > max) return
    onChange(next)
    setWords('')
    inputRef.current?.focus()
  }
  if (!candidates) return <Shape lines={3} />
  return (
    <div role="group" aria-label={label} className="flex min-h-0 flex-col gap-1">
      <span aria-hidden className="text-small font-medium text-soft">
        {label}
      </span>
      <div className="flex min-h-60 flex-1 basis-60 flex-col">
        <FilterList
          label="People to choose from"
          placeholder="Find people"
          inset="none"
          autoFocus={autoFocus}
          inputRef={inputRef}
          words={words}
          onWords={setWords}
          rows={rows}
          rowPx={48}
          onChoose={({ person }) => toggle(person.id)}
          isChosen={({ person }) => chosen.includes(person.id)}
          onEmptyBackspace={() => onChange(chosen.slice(0, -1))}
          before={<Chips people={candidates} chosen={chosen} onRemove={toggle} />}
          show={({ person }) => (
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1">
                <PersonLine person={person} now={now} />
              </span>
              {chosen.includes(person.id) && <Check aria-hidden size={16} className="text-accent" />}
            </span>
          )}
          empty={
            <p className="p-4 text-center text-dim">
              {candidates.length === 0 ? 'Everybody is in already.' : 'Nobody by that name.'}
            </p>
          }
        />
      </div>
      {chosen.length >= max && (
        <p role="status" className="text-small text-dim">
          {String(max)} at once; add more afterwards.
        </p>
      )}
    </div>
  )
}

interface ChipsProps {
  readonly people: readonly Person[]
  readonly chosen: readonly AccountId[]
  readonly onRemove: (id: AccountId) => void
}

function Chips({ people, chosen, onRemove }: ChipsProps) {
  if (chosen.length === 0) return <Search aria-hidden size={16} className="text-dim" />
  return (
    <ul aria-label="Chosen" className="flex max-h-20 flex-wrap gap-1 overflow-y-auto py-1">
      {people
        .filter(({ id }) => chosen.includes(id))
        .toSorted((one, other) => chosen.indexOf(one.id) - chosen.indexOf(other.id))
        .map(({ id, displayName }) => (
          <li key={id}>
            <button
              type="button"
              aria-label={`Take ${displayName} out`}
              onClick={() => onRemove(id)}
              className="flex h-6 max-w-48 items-center gap-1 rounded-small bg-selected pr-1 pl-2 text-small hover:bg-hover"
            >
              <span className="truncate">{displayName}</span>
              <X aria-hidden size={12} className="shrink-0 text-dim" />
            </button>
          </li>
        ))}
    </ul>
  )
}
