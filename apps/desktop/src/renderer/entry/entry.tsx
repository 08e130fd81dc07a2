import type { AppState } from '../live/queries.ts'
import { ChoosePassphrase } from './choose-passphrase.tsx'
import { Damaged } from './damaged.tsx'
import { KeyLost } from './key-lost.tsx'
import { Locked } from './locked.tsx'
import { WayIn } from './way-in.tsx'

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
      return <WayIn title="Welcome to Parley" />
  }
}
