import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { AccountId } from '@parley/domain/ids'
import { addPeoplePerCallMax } from '@parley/domain/limits'
import { act } from '../live/act.ts'
import { meQuery } from '../live/queries.ts'
import { PeoplePicker } from '../people/people-picker.tsx'
import { SealedFields, type SealedForm } from '../encryption/sealed-fields.tsx'
import { closeOverlay } from '../state/overlay.ts'
import { go } from '../state/place.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { GroupFields } from './group-fields.tsx'
import { isListed, newGroup, problemsOf } from './group-form.ts'

/** Makes a group and opens it at once; without a connection it waits in the outbox with whatever is said in it. */
export function MakeGroupDialog() {
  const { data: me } = useQuery(meQuery)
  const [form, setForm] = useState(newGroup)
  const [sealing, setSealing] = useState<SealedForm>({ sealed: false, history: 'joining' })
  const [members, setMembers] = useState<readonly AccountId[]>([])
  const [tries, setTries] = useState(0)
  const [busy, setBusy] = useState(false)
  const problems = problemsOf(form, null)
  const without = useMemo(() => new Set(me ? [me.id] : []), [me])

  const make = async () => {
    if (problems.name !== null || problems.password !== null) {
      setTries(tries + 1)
      return
    }
    setBusy(true)
    const operation = await act({
      kind: 'make-group',
      name: form.name.trim(),
      description: form.description.trim(),
      joinPolicy: form.joinPolicy,
      listed: isListed(form),
      members: [...members],
      ...(form.joinPolicy === 'password' && { password: form.password }),
      ...(sealing.sealed && sealing),
    })
    setBusy(false)
    if (!operation) return
    closeOverlay()
    if (operation.makes) go({ kind: 'conversation', id: operation.makes })
  }

  return (
    <FormDialog
      title="Make a group"
      width="wide"
      done="Make group"
      busy={busy}
      onDone={() => void make()}
      onClose={closeOverlay}
    >
      <div className="grid gap-6 sm:grid-cols-2">
        <div className="flex flex-col gap-2">
          <GroupFields form={form} problems={problems} tries={tries} hasPassword={false} onChange={setForm} />
          <SealedFields form={sealing} joinPolicy={form.joinPolicy} onChange={setSealing} />
        </div>
        <PeoplePicker
          label="First members"
          chosen={members}
          onChange={setMembers}
          without={without}
          max={addPeoplePerCallMax}
        />
      </div>
    </FormDialog>
  )
}
