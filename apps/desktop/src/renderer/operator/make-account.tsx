import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { notice } from '../state/notices.ts'
import { Switch } from '../ui/choice.tsx'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { FormProblem } from '../ui/form.tsx'
import { NewPassword } from './new-password.tsx'

interface MakeAccountProps {
  readonly onMade: () => void
  readonly onClose: () => void
}

const fields = ['username', 'displayName', 'password'] as const
const places = { 'username-taken': 'username', 'password-common': 'password' } as const

export function MakeAccount({ onMade, onClose }: MakeAccountProps) {
  const [username, setUsername] = useState('')
  const [displayName, setDisplayName] = useState('')
  const [password, setPassword] = useState('')
  const [operator, setOperator] = useState(false)
  const making = useMutation({
    mutationFn: () =>
      engine.admin.makeAccount.mutate({
        username: username.trim(),
        password,
        operator,
        ...(displayName.trim() && { displayName: displayName.trim() }),
      }),
    onSuccess(account) {
      notice({ tone: 'plain', text: `${account.displayName} can sign in now.` })
      onMade()
      onClose()
    },
  })
  const trouble = fieldTrouble(making.error, fields, places)
  return (
    <FormDialog
      title="Make an account"
      about="Tell its owner the username and the password; they can change both."
      done="Make account"
      busy={making.isPending}
      disabled={username.trim() === '' || password === ''}
      onDone={() => making.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Username"
        autoComplete="off"
        autoCapitalize="off"
        autoFocus
        value={username}
        problem={at(trouble, 'username')}
        onChange={(event) => setUsername(event.target.value)}
      />
      <TextField
        label="Display name"
        hint="What others see; the username if you leave this empty."
        autoComplete="off"
        value={displayName}
        problem={at(trouble, 'displayName')}
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <NewPassword value={password} problem={at(trouble, 'password')} onChange={setPassword} />
      <Switch
        label="Operator of this server"
        hint="Makes accounts and invite links, as you do."
        checked={operator}
        onChange={setOperator}
      />
      <FormProblem text={at(trouble, null)} />
    </FormDialog>
  )
}
