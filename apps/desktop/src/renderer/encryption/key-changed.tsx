import { KeyRound, MonitorSmartphone } from 'lucide-react'
import { openOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Group, Row, rows } from '../ui/panel.tsx'

/** Of a device that is in, but has not been given the key of the account that a revocation brought: the ways to get it. */
export function KeyChanged() {
  const isOnline = useOnline()
  return (
    <Group
      title="This device needs the account’s new key"
      about="You revoked a device elsewhere. Enter the new recovery code, or the code that another of your devices shows. Where one of them is switched on and connected, the key comes by itself. Until then this device reads and writes, but cannot link or revoke devices, nor make a recovery code."
    >
      <div className={rows}>
        <Row
          icon={<KeyRound aria-hidden size={16} />}
          label="Your new recovery code"
          hint="The one that was made after the revocation."
        >
          <Button
            tone="primary"
            disabled={!isOnline}
            onClick={() => openOverlay({ kind: 'enter-code', code: 'recovery' })}
          >
            Enter it …
          </Button>
        </Row>
        <Row
          icon={<MonitorSmartphone aria-hidden size={16} />}
          label="A code from another device"
          hint="There: Settings, Encryption, “Link a new device”."
        >
          <Button disabled={!isOnline} onClick={() => openOverlay({ kind: 'enter-code', code: 'link' })}>
            Enter a code …
          </Button>
        </Row>
      </div>
    </Group>
  )
}
