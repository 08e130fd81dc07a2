import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { passwordCharsMax } from '@parley/domain/limits'
import { connectionQuery } from '../live/queries.ts'
import { wordsFor } from '../live/trouble-words.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import type { GroupStanding } from './group-standing.ts'

interface JoinPasswordDialogProps {
  readonly name: string
  readonly standing: GroupStanding
  readonly onJoin: (password: string) => Promise<void>
  readonly onClose: () => void
}

/** Asks for the password of a group. A wrong one is said at the field; without a connection it is tried later. */
export function JoinPasswordDialog({ name, standing, onJoin, onClose }: JoinPasswordDialogProps) {
  const { data: connection } = useQuery(connectionQuery)
  const [password, setPassword] = useState('')
  const [sent, setSent] = useState<string | null>(null)
  const isAway = connection !== undefined && connection.kind !== 'online'
  const problem = standing.kind === 'refused' ? standing.operation.problem : null
  const isJoining = standing.kind === 'joining'

  useEffect(() => {
    if (standing.kind === 'member') onClose()
  }, [standing.kind, onClose])

  const join = async () => {
    setSent(password)
    await onJoin(password)
    if (isAway) onClose()
  }
  return (
    <FormDialog
      title={`Join ${name}`}
      {...(isAway && { about: 'There is no connection: you join once there is one again.' })}
      done="Join"
      busy={isJoining}
      disabled={password === ''}
      onDone={() => void join()}
      onClose={onClose}
    >
      <TextField
        label="Password of the group"
        type="password"
        autoComplete="off"
        autoFocus
        maxLength={passwordCharsMax}
        value={password}
        hint="Whoever told you of the group knows it."
        problem={problem && sent === password ? wordsFor(problem.kind, problem.message) : null}
        onChange={(event) => setPassword(event.target.value)}
      />
    </FormDialog>
  )
}
