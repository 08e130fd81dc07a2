import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { Confirm } from '../ui/dialog.tsx'
import { LinkButton } from '../ui/link-button.tsx'

/** Gives up what cannot be opened any more, after saying what that is. */
export function StartAnew() {
  return (
    <Confirm
      title="Start anew on this device?"
      about="Everything that Parley keeps on this computer is removed: the copy of your conversations, drafts, and messages that were not sent yet. What the server has stays there; you sign in again to see it."
      done="Remove and start anew"
      onDone={() => void engine.app.startAnew.mutate().catch(complain)}
    >
      <LinkButton>Start anew …</LinkButton>
    </Confirm>
  )
}
