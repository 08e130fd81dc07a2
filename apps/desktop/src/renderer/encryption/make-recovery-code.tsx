import { useMutation, useQuery } from '@tanstack/react-query'
import { Download, Printer } from 'lucide-react'
import { useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { encryptionQuery, meQuery, stateQuery } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Dialog, FormDialog } from '../ui/dialog.tsx'
import { FormProblem } from '../ui/form.tsx'
import { CheckRecoveryCode } from './check-recovery-code.tsx'
import { CodeGroups } from './code-groups.tsx'
import { type CodeToKeep, saveCode, savePage } from './keep-code.ts'
import { PrintedCode } from './printed-code.tsx'

/** Makes a recovery code, shows it this once, and asks for it once. */
export function MakeRecoveryCode({ onClose }: { readonly onClose: () => void }) {
  const making = useMutation({ mutationFn: () => engine.encryption.makeRecoveryCode.mutate() })
  const [isKept, setKept] = useState(false)
  if (making.data === undefined) {
    return (
      <Beginning
        busy={making.isPending}
        trouble={making.error && troubleText(making.error)}
        onMake={() => making.mutate()}
        onClose={onClose}
      />
    )
  }
  if (isKept) return <CheckRecoveryCode onBack={() => setKept(false)} onClose={onClose} />
  return <Shown code={making.data} onKept={() => setKept(true)} onClose={onClose} />
}

interface BeginningProps {
  readonly busy: boolean
  readonly trouble: string | null
  readonly onMake: () => void
  readonly onClose: () => void
}

/** Says what the code is good for. Nothing is made, and no older one loses its force, before it is asked for. */
function Beginning({ busy, trouble, onMake, onClose }: BeginningProps) {
  const { data: standing } = useQuery(encryptionQuery)
  const isAnother = standing?.kind === 'ready' && standing.recovery !== 'none'
  return (
    <FormDialog
      title={isAnother ? 'Make a new recovery code' : 'Make a recovery code'}
      about="With it you open your encrypted conversations on a new device when you have lost all others."
      done="Make the code"
      busy={busy}
      onDone={onMake}
      onClose={onClose}
    >
      <p className="text-pretty text-soft">
        {isAnother && 'The one that you have opens nothing any more once the new one is made. '}
        You will see it once. Have a password manager, or paper and a pen, at hand. Whoever else has it and
        can sign in as you can read your conversations, too.
      </p>
      <FormProblem text={trouble} />
    </FormDialog>
  )
}

interface ShownProps {
  readonly code: string
  readonly onKept: () => void
  readonly onClose: () => void
}

function Shown({ code, onKept, onClose }: ShownProps) {
  const kept = useCodeToKeep(code)
  return (
    <Dialog
      title="Your recovery code"
      about="Keep it where only you get at it: on paper, or in a password manager. It is shown only now."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 px-5 pt-2 pb-4">
        <div className="rounded-medium border border-line bg-ground p-4">
          <CodeGroups label="Recovery code" code={code} look="long" />
        </div>
        <div className="flex flex-wrap gap-2">
          <CopyButton text={code} />
          {kept && (
            <>
              <Button onClick={() => void saveCode(kept)}>
                <Download aria-hidden size={16} />
                Save as text …
              </Button>
              <Button onClick={() => void savePage()}>
                <Printer aria-hidden size={16} />
                Save to print …
              </Button>
              <PrintedCode kept={kept} />
            </>
          )}
          <Button tone="primary" className="ml-auto" onClick={onKept}>
            I have kept it
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

/** Null for the moment until it is known whose it is. */
function useCodeToKeep(code: string): CodeToKeep | null {
  const { data: state } = useQuery(stateQuery)
  const { data: me } = useQuery(meQuery)
  const [madeAt] = useState(() => Date.now())
  if (state?.kind !== 'signed-in') return null
  const { url, serverName, username, displayName } = state.account
  return {
    code,
    url,
    serverName,
    madeAt,
    username: me?.username ?? username,
    displayName: me?.displayName ?? displayName,
  }
}
