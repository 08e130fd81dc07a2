import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import type { Encryption } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Group, Row, rows } from '../ui/panel.tsx'
import { CheckRecoveryCode } from './check-recovery-code.tsx'
import { MakeRecoveryCode } from './make-recovery-code.tsx'

type Recovery = Extract<Encryption, { kind: 'ready' }>['recovery']

const words: Readonly<Record<Recovery, { readonly label: string; readonly hint: string }>> = {
  none: {
    label: 'No recovery code',
    hint: 'If you lose all your devices, what was said in encrypted conversations is lost with them.',
  },
  unconfirmed: {
    label: 'Not checked yet',
    hint: 'Enter it once, to be sure that what you kept is right. If you do not have it, make a new one.',
  },
  made: {
    label: 'You have a recovery code',
    hint: 'It opens your encrypted conversations when you have lost all your devices.',
  },
}

/** The way back for who has lost every device. */
export function RecoveryCode({ recovery }: { readonly recovery: Recovery }) {
  const [open, setOpen] = useState<'make' | 'check' | null>(null)
  const isOnline = useOnline()
  const close = () => setOpen(null)
  return (
    <Group title="Recovery code">
      <div className={rows}>
        <Row
          icon={<KeyRound aria-hidden size={16} />}
          label={words[recovery].label}
          hint={words[recovery].hint}
        >
          {recovery === 'none' ? (
            <Button tone="primary" disabled={!isOnline} onClick={() => setOpen('make')}>
              Make one …
            </Button>
          ) : (
            <>
              {recovery === 'unconfirmed' && <Button onClick={() => setOpen('check')}>Enter it …</Button>}
              <Button tone="quiet" disabled={!isOnline} onClick={() => setOpen('make')}>
                Replace …
              </Button>
            </>
          )}
        </Row>
      </div>
      {open === 'make' && <MakeRecoveryCode onClose={close} />}
      {open === 'check' && <CheckRecoveryCode onClose={close} />}
    </Group>
  )
}
