import { useMutation, useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type Answers, devicesQuery, type OwnDevice } from '../live/queries.ts'
import { dateWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { useCountdown } from '../shell/use-countdown.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { CodeGroups } from './code-groups.tsx'
import { RenameDevice } from './rename-device.tsx'
import { shortId, useDeviceWords } from './use-device-names.ts'

const QrCode = lazy(() => import('./qr-code.tsx').then((module) => ({ default: module.QrCode })))

/** Shows a code for a new device, until that has come in. */
export function LinkDevice({ onClose }: { readonly onClose: () => void }) {
  const {
    data: made,
    error,
    mutate,
  } = useMutation({ mutationFn: () => engine.encryption.beginLink.mutate() })
  useEffect(() => mutate(), [mutate])
  const device = useNewDevice()
  return (
    <Dialog
      title={device ? 'The device is linked' : 'Link a new device'}
      about={
        device
          ? 'It fetches the keys of your encrypted conversations, and opens them.'
          : 'Sign in on the new device, choose “Enter a code” there, and type this.'
      }
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 px-5 pt-2 pb-4">
        {device ? (
          <Linked device={device} onClose={onClose} />
        ) : error ? (
          <Failed text={troubleText(error)} onRetry={mutate} />
        ) : made ? (
          <Code made={made} onAgain={mutate} />
        ) : (
          <Shape lines={2} />
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

/** The device that came in since this was opened. */
function useNewDevice(): OwnDevice | null {
  const { data: devices } = useQuery(devicesQuery)
  const [before, setBefore] = useState<ReadonlySet<string> | null>(null)
  useEffect(() => {
    if (devices) setBefore((known) => known ?? new Set(devices.map(({ id }) => id)))
  }, [devices])
  return before && (devices?.find(({ id }) => !before.has(id)) ?? null)
}

function Linked({ device, onClose }: { readonly device: OwnDevice; readonly onClose: () => void }) {
  const { nameOf } = useDeviceWords([device])
  const now = useNow()
  const [renaming, setRenaming] = useState(false)
  const name = nameOf(device)
  return (
    <>
      <div className="flex items-center gap-3 rounded-medium border border-line bg-ground p-4">
        <Check aria-hidden size={20} className="shrink-0 text-good" />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="truncate font-medium">{name}</span>
          <span className="text-small text-dim">
            Added on {dateWords(device.addedAt, now)} · key {shortId(device)}
          </span>
        </span>
        <Button tone="quiet" onClick={() => setRenaming(true)}>
          Rename …
        </Button>
      </div>
      <Button tone="primary" className="self-end" onClick={onClose}>
        Done
      </Button>
      {renaming && <RenameDevice device={device} name={name} onClose={() => setRenaming(false)} />}
    </>
  )
}
