import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { notice } from '../state/notices.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { LinkButton } from '../ui/link-button.tsx'

interface CheckRecoveryCodeProps {
  /** Back to where it is shown; left out where it cannot be shown any more. */
  readonly onBack?: () => void
  readonly onClose: () => void
}

/** Asks for the recovery code once, so that it is sure that somebody has it. */
export function CheckRecoveryCode({ onBack, onClose }: CheckRecoveryCodeProps) {
  const [code, setCode] = useState('')
  const checking = useMutation({
    mutationFn: () => engine.encryption.confirmRecoveryCode.mutate({ code }),
    onSuccess(isRight) {
      if (!isRight) return
      notice({
        tone: 'plain',
        text: 'Your recovery code is in force. You will not be asked for it again here.',
      })
      onClose()
    },
  })
  const problem = checking.error
    ? troubleText(checking.error)
    : checking.data === false
      ? 'This is not the code that was shown. Compare the groups one by one.'
      : null
  return (
    <FormDialog
      title="Enter your recovery code"
      about="Once, to be sure that what you kept is right."
      done="Check"
      busy={checking.isPending}
      disabled={code.trim() === ''}
      onDone={() => checking.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Recovery code"
        autoFocus
        autoComplete="off"
        autoCapitalize="characters"
        className="font-mono"
        hint="Dashes, spaces and small letters do not matter."
        value={code}
        problem={problem}
        onChange={(event) => {
          setCode(event.target.value)
          checking.reset()
        }}
      />
      {onBack && (
        <LinkButton className="self-start" onClick={onBack}>
          Show it again
        </LinkButton>
      )}
    </FormDialog>
  )
}
