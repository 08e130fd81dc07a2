import { useMutation, useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type Answers, devicesQuery } from '../live/queries.ts'
import { useCountdown } from '../shell/use-countdown.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { CodeGroups } from './code-groups.tsx'

const QrCode = lazy(() => import('./qr-code.tsx').then((module) => ({ default: module.QrCode })))

/** Shows a code for a new device, until that has come in. */
export function LinkDevice({ onClose }: { readonly onClose: () => void }) {
  const {
    data: made,
    error,
    mutate,
  } = useMutation({ mutationFn: () => engine.encryption.beginLink.mutate() })
  useEffect(() => mutate(), [mutate])
  const isLinked = useNewDevice()
  return (
    <Dialog
      title={isLinked ? 'The device is linked' : 'Link a new device'}
      about={
        isLinked
          ? 'It fetches the keys of your encrypted conversations, and opens them.'
          : 'Sign in on the new device, choose “Enter a code” there, and type this.'
      }
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 px-5 pt-2 pb-4">
        {isLinked ? (
          <Check aria-hidden size={28} className="self-center text-good" />
        ) : error ? (
          <Failed text={troubleText(error)} onRetry={mutate} />
        ) : made ? (
          <Code made={made} onAgain={mutate} />
        ) : (
          <Shape lines={2} />
        )}
        {isLinked && (
          <Button tone="primary" className="self-end" onClick={onClose}>
            Done
          </Button>
        )}
      </div>
    </Dialog>
  )
}

interface CodeProps {
  readonly made: Answers['encryption']['beginLink']
  readonly onAgain: () => void
}

function Code({ made, onAgain }: CodeProps) {
  const seconds = useCountdown(made.until)
  const isOnline = useOnline()
  // Before the first tick nothing is known of the time.
  const isOver = seconds === 0 && made.until <= Date.now()
  if (isOver) {
    return (
      <div className="flex flex-col items-start gap-3">
        <p className="text-soft">This code is not valid any more.</p>
        <Button onClick={onAgain}>Show a new code</Button>
      </div>
    )
  }
  return (
    <>
      <div className="flex flex-wrap items-center justify-center gap-x-6 gap-y-4 rounded-medium border border-line bg-ground p-4">
        <Suspense fallback={<span className="size-36" />}>
          <QrCode text={made.code} label="The code as a QR code" />
        </Suspense>
        <CodeGroups label="Code" code={made.code} look="large" />
      </div>
      <div className="flex items-center gap-3">
        <CopyButton text={made.code} />
        <span role="status" className="text-small text-dim">
          {isOnline ? 'Waiting for the new device.' : 'Both devices need a connection.'}{' '}
          <span aria-hidden className="tabular-nums">
            Valid for {timeWords(seconds)}.
          </span>
        </span>
      </div>
      <p className="text-small text-pretty text-dim">
        Whoever enters it gets all your encrypted conversations: show it to nobody else.
      </p>
    </>
  )
}

const timeWords = (seconds: number) =>
  `${String(Math.floor(seconds / 60))}:${String(seconds % 60).padStart(2, '0')}`

/** Whether a device came in since this was opened. */
function useNewDevice(): boolean {
  const { data: devices } = useQuery(devicesQuery)
  const [before, setBefore] = useState<number | null>(null)
  useEffect(() => {
    if (devices) setBefore((known) => known ?? devices.length)
  }, [devices])
  return before !== null && (devices?.length ?? 0) > before
}
