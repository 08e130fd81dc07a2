import { useMutation } from '@tanstack/react-query'
import { deviceNameCharsMax } from '@parley/domain/limits'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { FormProblem } from '../ui/form.tsx'
import type { BotAccount } from './bots.tsx'
import { TokenShown } from './token-shown.tsx'

interface MakeTokenProps {
  readonly bot: BotAccount
  readonly onClose: () => void
}

export function MakeToken({ bot, onClose }: MakeTokenProps) {
  const [deviceName, setDeviceName] = useState('')
  const making = useMutation({
    mutationFn: () => engine.bots.makeToken.mutate({ accountId: bot.id, deviceName: deviceName.trim() }),
  })
  const trouble = fieldTrouble(making.error, ['deviceName'])
  if (making.data) return <TokenShown made={making.data} onClose={onClose} />
  return (
    <FormDialog
      title={`Make a token for ${bot.displayName}`}
      about="Its other tokens go on working."
      done="Make token"
      busy={making.isPending}
      disabled={deviceName.trim() === ''}
      onDone={() => making.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Where it is used"
        hint="By this name you find it among the bot’s sessions."
        placeholder="Build server"
        autoComplete="off"
        autoFocus
        maxLength={deviceNameCharsMax}
        value={deviceName}
        problem={at(trouble, 'deviceName')}
        onChange={(event) => setDeviceName(event.target.value)}
      />
      <FormProblem text={at(trouble, null)} />
    </FormDialog>
  )
}
