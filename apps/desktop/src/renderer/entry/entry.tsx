import { useState } from 'react'
import type { AppState } from '../live/queries.ts'
import { ChoosePassphrase } from './choose-passphrase.tsx'
import { ChooseServer } from './choose-server.tsx'
import { Door } from './door.tsx'
import { KeyLost } from './key-lost.tsx'
import { Locked } from './locked.tsx'
import type { Visit } from './visit.ts'

/** Everything between starting the app and being in. */
export function Entry({ state }: { readonly state: Exclude<AppState, { kind: 'signed-in' }> }) {
  switch (state.kind) {
    case 'locked':
      return <Locked />
    case 'key-lost':
      return <KeyLost />
    case 'choose-passphrase':
      return <ChoosePassphrase username={state.username} />
    case 'signed-out':
      return <SignedOut />
  }
}

function SignedOut() {
  const [visit, setVisit] = useState<Visit | null>(null)
  return visit ? <Door visit={visit} onBack={() => setVisit(null)} /> : <ChooseServer onFound={setVisit} />
}
