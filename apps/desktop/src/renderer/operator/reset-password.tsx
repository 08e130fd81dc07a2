import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { notice } from '../state/notices.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form.tsx'
import { NewPassword } from './new-password.tsx'
import type { Account } from './use-accounts.ts'

interface ResetPasswordProps {
  readonly account: Account
  readonly onClose: () => void
}

export function ResetPassword({ account, onClose }: ResetPasswordProps) {
  const [password, setPassword] = useState('')
  const resetting = useMutation({
    mutationFn: () => engine.admin.resetPassword.mutate({ accountId: account.id, password }),
    onSuccess() {
      notice({ tone: 'plain', text: `${account.displayName} has a new password.` })
      onClose()
    },
  })
  const trouble = fieldTrouble(resetting.error, ['password'], { 'password-common': 'password' })
  return (
    <FormDialog
      title={`A new password for ${account.displayName}`}
      about="They are signed out everywhere. Tell it to them in a way that nobody else sees; they can change it."
      done="Set password"
      busy={resetting.isPending}
      disabled={password === ''}
      onDone={() => resetting.mutate()}
      onClose={onClose}
    >
      <NewPassword value={password} problem={at(trouble, 'password')} onChange={setPassword} autoFocus />
      <FormProblem text={at(trouble, null)} />
    </FormDialog>
  )
}
