import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { botsQuery } from '../live/queries.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { FormProblem } from '../ui/form.tsx'
import { TokenShown } from './token-shown.tsx'

export function MakeBot({ onClose }: { readonly onClose: () => void }) {
  const [username, setUsername] = useState('')
  const [displayName, setDisplayName] = useState('')
  const queries = useQueryClient()
  const making = useMutation({
    mutationFn: () =>
      engine.bots.make.mutate({
        username: username.trim(),
        ...(displayName.trim() && { displayName: displayName.trim() }),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: botsQuery.queryKey }),
  })
  const trouble = fieldTrouble(making.error, ['username', 'displayName'], { 'username-taken': 'username' })
  if (making.data) return <TokenShown made={making.data} onClose={onClose} />
  return (
    <FormDialog
      title="Make a bot"
      about="You own it, and can make tokens for it or disable it."
      done="Make bot"
      busy={making.isPending}
      disabled={username.trim() === ''}
      onDone={() => making.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Username"
        placeholder="build-bot"
        autoComplete="off"
        autoFocus
        value={username}
        problem={at(trouble, 'username')}
        onChange={(event) => setUsername(event.target.value)}
      />
      <TextField
        label="Display name"
        hint="What others see; its username if you leave this empty."
        autoComplete="off"
        value={displayName}
        problem={at(trouble, 'displayName')}
        onChange={(event) => setDisplayName(event.target.value)}
      />
      <FormProblem text={at(trouble, null)} />
    </FormDialog>
  )
}
