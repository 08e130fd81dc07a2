import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Bot, Laptop } from 'lucide-react'
import { useState } from 'react'
import { complain, troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { devicesQuery, type OwnDevice } from '../live/queries.ts'
import { dateWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Badge, Group, Row, rows } from '../ui/panel.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { LinkDevice } from './link-device.tsx'
import { RenameDevice } from './rename-device.tsx'
import { type DeviceWords, shortId, useDeviceWords } from './use-device-names.ts'

/** The devices that can read one's encrypted conversations. */
export function Devices({ isLinked }: { readonly isLinked: boolean }) {
  const { data: devices, error, refetch } = useQuery({ ...devicesQuery, refetchOnMount: 'always' })
  const [linking, setLinking] = useState(false)
  const inForce = devices?.filter(({ revoked }) => !revoked)
  const words = useDeviceWords(inForce ?? [])
  const revoked = devices?.filter((device) => device.revoked) ?? []
  return (
    <Group
      title="Devices"
      action={
        isLinked && (
          <Button size="small" onClick={() => setLinking(true)}>
            Link a new device …
          </Button>
        )
      }
    >
      {error ? (
        <Failed text={troubleText(error)} onRetry={() => void refetch()} />
      ) : !inForce ? (
        <Shape lines={2} />
      ) : inForce.length === 0 ? (
        <p className="px-4 py-3 text-dim">None is known yet. They come when the server can be reached.</p>
      ) : (
        <ul className={rows}>
          {thisOneFirst(inForce).map((device) => (
            <DeviceRow key={device.id} device={device} words={words} mayRevoke={isLinked} />
          ))}
          {revoked.length > 0 && (
            <li className="py-2.5 text-small text-dim">
              {revoked.length === 1
                ? 'One device was revoked.'
                : `${String(revoked.length)} devices were revoked.`}
            </li>
          )}
        </ul>
      )}
      {linking && <LinkDevice onClose={() => setLinking(false)} />}
    </Group>
  )
}

const thisOneFirst = (devices: readonly OwnDevice[]) =>
  devices.toSorted((a, b) => Number(b.current) - Number(a.current) || b.addedAt - a.addedAt)

interface DeviceRowProps {
  readonly device: OwnDevice
  readonly words: DeviceWords
  readonly mayRevoke: boolean
}

function DeviceRow({ device, words, mayRevoke }: DeviceRowProps) {
  const now = useNow()
  const isOnline = useOnline()
  const queries = useQueryClient()
  const [renaming, setRenaming] = useState(false)
  const revoking = useMutation({
    mutationFn: () => engine.encryption.revokeDevice.mutate({ id: device.id }),
    onError: complain,
    onSettled: () => queries.invalidateQueries({ queryKey: devicesQuery.queryKey }),
  })
  const name = words.nameOf(device)
  const seen = device.current ? null : words.seen(device, now)
  return (
    <li>
      <Row
        icon={device.kind === 'bot' ? <Bot aria-hidden size={16} /> : <Laptop aria-hidden size={16} />}
        label={
          <>
            <span className="min-w-0 truncate">{name}</span>
            {device.current && <Badge tone="accent">This device</Badge>}
          </>
        }
        hint={[`Added on ${dateWords(device.addedAt, now)}`, seen, `key ${shortId(device)}`]
          .filter((part) => part !== null)
          .join(' · ')}
      >
        <Button tone="quiet" aria-label={`Rename ${name}`} onClick={() => setRenaming(true)}>
          Rename …
        </Button>
        {!device.current && mayRevoke && (
          <Confirm
            title={`Revoke ${name}?`}
            about="It is signed out, and reads nothing that is said from now on. What it has read or holds already stays readable there. A recovery code that was made is over with it: make a new one here afterwards, and enter that on your other devices. It cannot be undone; linked again, it counts as a new device."
            done="Revoke"
            onDone={() => revoking.mutate()}
          >
            <Button tone="quiet" aria-label={`Revoke ${name}`} disabled={!isOnline} busy={revoking.isPending}>
              Revoke …
            </Button>
          </Confirm>
        )}
      </Row>
      {renaming && <RenameDevice device={device} name={name} onClose={() => setRenaming(false)} />}
    </li>
  )
}
