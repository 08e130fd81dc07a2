import { useCallback, useState } from 'react'
import type { AppState } from '../live/queries.ts'
import { ChoosePassphrase } from './choose-passphrase.tsx'
import { ChooseServer } from './choose-server.tsx'
import { Damaged } from './damaged.tsx'
import { Door } from './door.tsx'
import { inviteLink } from './join-link.ts'
import { KeyLost } from './key-lost.tsx'
import { Locked } from './locked.tsx'
import { useOpenedInvitations } from './use-look.ts'
import type { Visit } from './visit.ts'

/** Everything between starting the app and being in. */
export function Entry({ state }: { readonly state: Exclude<AppState, { kind: 'signed-in' }> }) {
  switch (state.kind) {
    case 'locked':
      return <Locked />
    case 'key-lost':
      return <KeyLost />
    case 'damaged':
      return <Damaged />
    case 'choose-passphrase':
      return <ChoosePassphrase username={state.username} />
    case 'signed-out':
      return <SignedOut />
  }
}

function SignedOut() {
  const [visit, setVisit] = useState<Visit | null>(null)
  const [link, setLink] = useState<string | null>(null)
  useOpenedInvitations(
    useCallback(({ server, secret }) => {
      setVisit(null)
      setLink(inviteLink(server, secret))
    }, []),
  )
  if (!visit) return <ChooseServer key={link} link={link} onFound={setVisit} />
  const goBack = () => {
    setVisit(null)
    setLink(null)
  }
  return <Door visit={visit} onBack={goBack} />
}
