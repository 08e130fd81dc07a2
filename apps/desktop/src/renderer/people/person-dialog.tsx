import { useQuery } from '@tanstack/react-query'
import type { AccountId } from '@parley/domain/ids'
import { personQuery } from '../live/queries.ts'
import { Dialog } from '../ui/dialog.tsx'
import { PersonDetails } from './person-details.tsx'

/** Who somebody is, over the list in which they were found. */
export function PersonDialog({ id, onClose }: { readonly id: AccountId; readonly onClose: () => void }) {
  const { data: person } = useQuery(personQuery(id))
  return (
    <Dialog title={person?.displayName ?? 'Somebody'} onClose={onClose}>
      <div className="min-h-0 overflow-y-auto px-5 pb-5">
        <PersonDetails id={id} titled={false} />
      </div>
    </Dialog>
  )
}
