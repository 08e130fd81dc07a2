import { KeyRound, MonitorSmartphone, RotateCcw } from 'lucide-react'
import { openOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Group, Row, rows } from '../ui/panel.tsx'

/** Of a device that cannot read encrypted conversations yet: the ways to change that. */
export function NotLinked({ waiting }: { readonly waiting: boolean }) {
  const isOnline = useOnline()
  return (
    <Group
      title="Link this device"
      about={
        waiting
          ? 'Waiting for your other device to let this one in. Keep it switched on and connected.'
          : 'It cannot read your encrypted conversations yet.'
      }
    >
      <div className={rows}>
        <Row
          icon={<MonitorSmartphone aria-hidden size={16} />}
          label="A code from another device"
          hint="There: Settings, Encryption, “Link a new device”."
        >
          <Button
            tone="primary"
            disabled={!isOnline}
            onClick={() => openOverlay({ kind: 'enter-code', code: 'link' })}
          >
            Enter a code …
          </Button>
        </Row>
        <Row
          icon={<KeyRound aria-hidden size={16} />}
          label="Your recovery code"
          hint="If you have no other device at hand."
        >
          <Button disabled={!isOnline} onClick={() => openOverlay({ kind: 'enter-code', code: 'recovery' })}>
            Enter it …
          </Button>
        </Row>
        <Row
          icon={<RotateCcw aria-hidden size={16} />}
          label="Begin again"
          hint="If you have neither: what was said until now stays closed."
        >
          <Button tone="danger" disabled={!isOnline} onClick={() => openOverlay({ kind: 'begin-again' })}>
            Begin again …
          </Button>
        </Row>
      </div>
    </Group>
  )
}
