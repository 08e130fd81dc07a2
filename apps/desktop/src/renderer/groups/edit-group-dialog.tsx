import { useQuery } from '@tanstack/react-query'
import { Crown } from 'lucide-react'
import { useState } from 'react'
import { act } from '../live/act.ts'
import { type ConversationKey, type ConversationView, conversationQuery } from '../live/queries.ts'
import { type Rights, rightsIn } from '../pane/rights.ts'
import { closeOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { FormDialog } from '../ui/dialog.tsx'
import { CloseGroup } from './close-group.tsx'
import { GroupFields } from './group-fields.tsx'
import { changesTo, formOf, problemsOf } from './group-form.ts'
import { HandOverDialog } from './hand-over-dialog.tsx'
import { NotAnyMore } from './not-any-more.tsx'

/** Changes what a group is called and who gets in; its founder can hand it over or close it. */
export function EditGroupDialog({ id }: { readonly id: ConversationKey }) {
  const { data: view } = useQuery(conversationQuery(id))
  if (view === undefined) return null
  const rights = view && rightsIn(view)
  if (!view || !rights?.rename) return <NotAnyMore view={view} />
  return <EditGroup view={view} rights={rights} />
}

interface EditGroupProps {
  readonly view: ConversationView
  readonly rights: Rights
}

function EditGroup({ view, rights }: EditGroupProps) {
  const { conversation, id } = view
  // What it was when one began: what others change meanwhile is not put back.
  const [before] = useState(conversation)
  const [form, setForm] = useState(() => formOf(conversation))
  const [tries, setTries] = useState(0)
  const [busy, setBusy] = useState(false)
  const [isHandingOver, setHandingOver] = useState(false)
  const problems = problemsOf(form, before)

  const save = async () => {
    if (problems.name !== null || problems.password !== null) {
      setTries(tries + 1)
      return
    }
    setBusy(true)
    let accepted = true
    for (const change of changesTo(id, before, form)) accepted &&= (await act(change)) !== null
    setBusy(false)
    if (accepted) closeOverlay()
  }
  if (isHandingOver) return <HandOverDialog view={view} onClose={closeOverlay} />
  return (
    <FormDialog
      title={`Edit ${conversation.name}`}
      done="Save"
      busy={busy}
      onDone={() => void save()}
      onClose={closeOverlay}
    >
      <GroupFields
        form={form}
        problems={problems}
        tries={tries}
        hasPassword={before.joinPolicy === 'password'}
        onChange={setForm}
      />
      {(rights.handOver || rights.close) && (
        <section aria-label="For its founder" className="flex flex-wrap gap-2 border-t border-line pt-4">
          {rights.handOver && (
            <Button onClick={() => setHandingOver(true)}>
              <Crown aria-hidden size={16} />
              Hand over …
            </Button>
          )}
          {rights.close && <CloseGroup view={view} onDone={closeOverlay} />}
        </section>
      )}
    </FormDialog>
  )
}
