import { KeyRound, Unlink, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { useEncryptionBanner } from '../state/encryption-banner.ts'
import { openOverlay } from '../state/overlay.ts'
import { IconButton } from '../ui/button.tsx'
import { LinkButton } from '../ui/link-button.tsx'

/** This device cannot read what is encrypted: says so, and leads on. */
export function NotLinkedBanner({ waiting }: { readonly waiting: boolean }) {
  const isHidden = useEncryptionBanner((state) => state.isHidden)
  if (isHidden) return null
  return (
    <Line
      icon={<Unlink aria-hidden size={16} className="shrink-0 text-dim" />}
      text={
        waiting
          ? 'Waiting for your other device to let this one in.'
          : 'This device cannot read encrypted conversations yet.'
      }
      onHide={() => useEncryptionBanner.setState({ isHidden: true })}
    >
      <LinkButton onClick={() => openOverlay({ kind: 'enter-code', code: 'link' })}>Enter a code</LinkButton>
      <LinkButton onClick={() => openOverlay({ kind: 'enter-code', code: 'recovery' })}>
        Use the recovery code
      </LinkButton>
      <LinkButton onClick={() => openOverlay({ kind: 'begin-again' })}>Begin again</LinkButton>
    </Line>
  )
}

/** Offers a recovery code once there is something to be lost. What is put off is found in the settings. */
export function RecoveryBanner() {
  return (
    <Line
      icon={<KeyRound aria-hidden size={16} className="shrink-0 text-dim" />}
      text="You have encrypted messages now. Without a recovery code they are lost with your devices."
      onHide={() => void engine.encryption.putOff.mutate().catch(complain)}
    >
      <LinkButton onClick={() => openOverlay({ kind: 'make-recovery-code' })}>
        Make a recovery code
      </LinkButton>
    </Line>
  )
}

interface LineProps {
  readonly icon: ReactNode
  readonly text: string
  readonly onHide: () => void
  readonly children: ReactNode
}

function Line({ icon, text, onHide, children }: LineProps) {
  return (
    <section
      aria-label="Encryption"
      className="flex min-h-9 items-center gap-2.5 border-b border-line bg-side py-1 pr-2 pl-4"
    >
      {icon}
      <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-1">
        <span role="status" className="text-soft">
          {text}
        </span>
        <span className="flex flex-wrap gap-x-4 gap-y-1">{children}</span>
      </div>
      <IconButton label="Not now" icon={<X size={16} />} onClick={onHide} />
    </section>
  )
}
