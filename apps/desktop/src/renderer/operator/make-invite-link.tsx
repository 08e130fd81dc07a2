import { useMutation, useQuery } from '@tanstack/react-query'
import { inviteLinkKeptMs, nameCharsMax } from '@parley/domain/limits'
import { useState } from 'react'
import { inviteLink } from '../entry/join-link.ts'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { stateQuery } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { ShownOnce } from '../ui/copy.tsx'
import { Dialog, FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { FormProblem } from '../ui/form.tsx'

const dayMs = 24 * 3_600_000

interface MakeInviteLinkProps {
  readonly onMade: () => void
  readonly onClose: () => void
}

export function MakeInviteLink({ onMade, onClose }: MakeInviteLinkProps) {
  const { data: state } = useQuery(stateQuery)
  const [uses, setUses] = useState('1')
  const [note, setNote] = useState('')
  const making = useMutation({
    mutationFn: () => engine.admin.makeInviteLink.mutate({ uses: Number(uses), note: note.trim() }),
    onSuccess: onMade,
  })
  const trouble = fieldTrouble(making.error, ['uses', 'note'])
  if (making.data && state?.kind === 'signed-in') {
    return <LinkShown link={inviteLink(state.account.url, making.data.secret)} onClose={onClose} />
  }
  return (
    <FormDialog
      title="Make an invite link"
      about={`It can be used for ${String(inviteLinkKeptMs / dayMs)} days.`}
      done="Make link"
      busy={making.isPending}
      disabled={uses.trim() === ''}
      onDone={() => making.mutate()}
      onClose={onClose}
    >
      <TextField
        label="How many people"
        hint="Each account that is made by it is one use."
        inputMode="numeric"
        autoComplete="off"
        autoFocus
        value={uses}
        problem={at(trouble, 'uses')}
        onChange={(event) => setUses(event.target.value)}
      />
      <TextField
        label="Note"
        hint="For you and other operators: whom it is for."
        autoComplete="off"
        maxLength={nameCharsMax}
        value={note}
        problem={at(trouble, 'note')}
        onChange={(event) => setNote(event.target.value)}
      />
      <FormProblem text={at(trouble, null)} />
    </FormDialog>
  )
}

function LinkShown({ link, onClose }: { readonly link: string; readonly onClose: () => void }) {
  return (
    <Dialog
      title="The invite link"
      about="Copy it now: it is not shown again. Send it to whoever should join; they open it, or paste it into Parley."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 px-5 pt-2 pb-4">
        <ShownOnce label="Link" text={link} />
        <div className="flex justify-end">
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
