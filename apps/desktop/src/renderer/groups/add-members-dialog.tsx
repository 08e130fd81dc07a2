import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { AccountId } from '@parley/domain/ids'
import { addPeoplePerCallMax } from '@parley/domain/limits'
import { act } from '../live/act.ts'
import { type ConversationKey, conversationQuery, membersQuery } from '../live/queries.ts'
import { rightsIn } from '../pane/rights.ts'
import { PeoplePicker } from '../people/people-picker.tsx'
import { closeOverlay } from '../state/overlay.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { NotAnyMore } from './not-any-more.tsx'
import { useAllMembers } from './use-all-members.ts'

/** Adds people to a group, who are in it at once. */
export function AddMembersDialog({ id }: { readonly id: ConversationKey }) {
  const { data: view } = useQuery(conversationQuery(id))
  const { data: known } = useQuery(membersQuery(id))
  useAllMembers(id)
  const [chosen, setChosen] = useState<readonly AccountId[]>([])
  const [busy, setBusy] = useState(false)
  const without = useMemo(() => new Set(known?.members.map(({ accountId }) => accountId)), [known])
  if (view === undefined) return null
  if (!view || !rightsIn(view).addMembers) return <NotAnyMore view={view} />

  const add = async () => {
    setBusy(true)
    const operation = await act({ kind: 'add-members', conversationId: id, accountIds: [...chosen] })
    setBusy(false)
    if (operation) closeOverlay()
  }
  return (
    <FormDialog
      title={`Add people to ${view.conversation.name}`}
      done={chosen.length > 1 ? `Add ${String(chosen.length)} people` : 'Add'}
      busy={busy}
      disabled={chosen.length === 0}
      onDone={() => void add()}
      onClose={closeOverlay}
    >
      <PeoplePicker
        label="People to add"
        autoFocus
        chosen={chosen}
        onChange={setChosen}
        without={without}
        max={addPeoplePerCallMax}
      />
    </FormDialog>
  )
}
