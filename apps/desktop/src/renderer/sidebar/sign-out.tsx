import { useQuery } from '@tanstack/react-query'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { outboxQuery } from '../live/queries.ts'
import { signOutWords, unsentWords } from '../settings/unsent-words.ts'
import { closeOverlay } from '../state/overlay.ts'
import { ConfirmNow } from '../ui/dialog.tsx'

/** Asks once more before this device forgets the account, and names what would be lost. */
export function SignOut() {
  const { data: outbox = [] } = useQuery(outboxQuery)
  const unsent = unsentWords(outbox)
  return (
    <ConfirmNow
      title="Sign out of this device?"
      about={unsent ? `${unsent} will be lost. ${signOutWords}` : signOutWords}
      done={unsent ? 'Sign out and lose it' : 'Sign out'}
      onDone={() => void engine.app.signOut.mutate().catch(complain)}
      onClose={closeOverlay}
    />
  )
}
