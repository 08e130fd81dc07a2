import { useMutation } from '@tanstack/react-query'
import { passwordCharsMin } from '@parley/domain/limits'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { notice } from '../state/notices.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form.tsx'
import { PasswordField } from '../ui/password-field.tsx'

const places = { 'wrong-credentials': 'current', 'password-common': 'next' } as const

export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const changing = useMutation({
    mutationFn: () => engine.account.changePassword.mutate({ current, next }),
    onSuccess() {
      notice({ tone: 'plain', text: 'Your password was changed.' })
      onClose()
    },
  })
  const trouble = fieldTrouble(changing.error, ['current', 'next'], places)
  const wrong = trouble?.field === 'current' ? 'This is not your password.' : null
  return (
    <FormDialog
      title="Change password"
      about="All other sessions end, as somebody who knew the old one may be behind them."
      done="Change password"
      busy={changing.isPending}
      disabled={current === '' || next === ''}
      onDone={() => changing.mutate()}
      onClose={onClose}
    >
      <PasswordField
        label="Password now"
        autoComplete="current-password"
        autoFocus
        value={current}
        problem={wrong}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <PasswordField
        label="New password"
        hint={`At least ${String(passwordCharsMin)} characters.`}
        autoComplete="new-password"
        value={next}
        problem={at(trouble, 'next')}
        onChange={(event) => setNext(event.target.value)}
      />
      <FormProblem text={at(trouble, null)} />
    </FormDialog>
  )
}
