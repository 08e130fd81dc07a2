import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { notice } from '../state/notices.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { StrengthHint } from '../ui/strength-hint.tsx'

export function ChangePassphrase({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [differs, setDiffers] = useState(false)
  const changing = useMutation({
    mutationFn: () => engine.app.changePassphrase.mutate({ current, next }),
    onSuccess() {
      notice({ tone: 'plain', text: 'The passphrase of this device was changed.' })
      onClose()
    },
  })
  const trouble = fieldTrouble(changing.error, ['current', 'next'], { 'wrong-credentials': 'current' })
  const submit = () => {
    setDiffers(again !== next)
    if (again === next) changing.mutate()
  }
  return (
    <FormDialog
      title="Change the passphrase"
      about="It locks what is kept on this device. Nobody can recover it."
      done="Change passphrase"
      busy={changing.isPending}
      disabled={current === '' || next === '' || again === ''}
      onDone={submit}
      onClose={onClose}
    >
      <PasswordField
        label="Passphrase now"
        autoComplete="current-password"
        autoFocus
        value={current}
        problem={trouble?.field === 'current' ? 'This is not the passphrase of this device.' : null}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <PasswordField
        label="New passphrase"
        hint={<StrengthHint secret={next} />}
        autoComplete="new-password"
        value={next}
        problem={at(trouble, 'next')}
        onChange={(event) => setNext(event.target.value)}
      />
      <PasswordField
        label="Once more"
        autoComplete="new-password"
        value={again}
        problem={differs && again !== next ? 'The two are not the same.' : null}
        onChange={(event) => setAgain(event.target.value)}
      />
      <FormProblem text={at(trouble, null)} />
    </FormDialog>
  )
}
