import { useMutation, useQuery } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { stateQuery } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { CheckRecoveryCode } from './check-recovery-code.tsx'
import { CodeGroups } from './code-groups.tsx'
import { saveCode } from './save-code.ts'

/** Makes a recovery code, shows it this once, and asks for it once. */
export function MakeRecoveryCode({ onClose }: { readonly onClose: () => void }) {
  const {
    data: code,
    error,
    mutate,
  } = useMutation({ mutationFn: () => engine.encryption.makeRecoveryCode.mutate() })
  useEffect(() => mutate(), [mutate])
  const [isKept, setKept] = useState(false)
  if (isKept) return <CheckRecoveryCode onBack={() => setKept(false)} onClose={onClose} />
  return (
    <Dialog
      title="Your recovery code"
      about="Keep it where only you get at it: on paper, or in a password manager. It is shown only now."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 px-5 pt-2 pb-4">
        {error ? (
          <Failed text={troubleText(error)} onRetry={mutate} />
        ) : code === undefined ? (
          <Shape lines={2} />
        ) : (
          <Shown code={code} onKept={() => setKept(true)} />
        )}
      </div>
    </Dialog>
  )
}

function Shown({ code, onKept }: { readonly code: string; readonly onKept: () => void }) {
  const { data: state } = useQuery(stateQuery)
  const whose = state?.kind === 'signed-in' ? `${state.account.username} on ${state.account.url}` : 'you'
  return (
    <>
      <div className="rounded-medium border border-line bg-ground p-4">
        <CodeGroups label="Recovery code" code={code} look="long" />
      </div>
      <p className="text-pretty text-dim">
        With it you open your encrypted conversations on a new device when you have lost all others. Whoever
        else has it and can sign in as you can read them, too.
      </p>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={code} />
        <Button onClick={() => void saveCode(code, whose)}>
          <Download aria-hidden size={16} />
          Save as a file …
        </Button>
        <Button tone="primary" className="ml-auto" onClick={onKept}>
          I have kept it
        </Button>
      </div>
    </>
  )
}
