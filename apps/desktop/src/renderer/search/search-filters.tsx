import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { conversationsQuery, peopleQuery } from '../live/queries.ts'
import { titleOf } from '../sidebar/title-of.ts'
import { FilterChip } from './filter-chip.tsx'
import { isNamed } from './is-named.ts'
import { type Filters, whens, whenWords } from './filters.ts'

interface SearchFiltersProps {
  readonly filters: Filters
  readonly onChange: (filters: Filters) => void
  /** All is of one conversation anyway. */
  readonly inOne: boolean
  /** A filter was chosen: focus goes back to the words. */
  readonly onDone: () => void
}

/** What a search is narrowed down by. */
export function SearchFilters({ filters, onChange, inOne, onDone }: SearchFiltersProps) {
  const { data: conversations } = useQuery(conversationsQuery)
  const { data: people } = useQuery(peopleQuery)
  const places = useMemo(
    () => (conversations ?? []).map((view) => ({ value: view.id, label: titleOf(view) })),
    [conversations],
  )
  const authors = useMemo(
    () =>
      (people ?? []).map(({ id, displayName, username }) => ({
        value: id,
        label: displayName,
        also: username,
      })),
    [people],
  )
  return (
    <div role="group" aria-label="Filters" className="flex flex-wrap gap-1.5">
      {!inOne && (
        <FilterChip
          onDone={onDone}
          label="In"
          all="Anywhere"
          options={places}
          value={filters.conversationId}
          onChange={(value) => {
            const view = conversations?.find(({ id }) => id === value)
            onChange({ ...filters, conversationId: view && isNamed(view.id) ? view.id : null })
          }}
        />
      )}
      <FilterChip
        onDone={onDone}
        label="From"
        all="Anybody"
        options={authors}
        value={filters.authorId}
        onChange={(value) =>
          onChange({ ...filters, authorId: people?.find(({ id }) => id === value)?.id ?? null })
        }
      />
      <FilterChip
        onDone={onDone}
        label="Sent"
        all={whenWords.any}
        options={whens
          .filter((when) => when !== 'any')
          .map((when) => ({ value: when, label: whenWords[when] }))}
        value={filters.when === 'any' ? null : filters.when}
        onChange={(value) => onChange({ ...filters, when: whens.find((when) => when === value) ?? 'any' })}
      />
    </div>
  )
}
