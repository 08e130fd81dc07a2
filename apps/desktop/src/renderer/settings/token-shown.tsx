import type { Answers } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { ShownOnce } from '../ui/copy.tsx'
import { Dialog } from '../ui/dialog.tsx'

interface TokenShownProps {
  readonly made: Answers['bots']['make']
  readonly onClose: () => void
}

/** A token, the only time that it can be seen. */
export function TokenShown({ made, onClose }: TokenShownProps) {
  return (
    <Dialog
      title={`The token of ${made.account.displayName}`}
      about="Copy it now: the server keeps no copy that could be shown again. Whoever has it can act as this bot."
      onClose={onClose}
    >
      <div className="flex flex-col gap-4 px-5 pt-2 pb-4">
        <ShownOnce label="Token" text={made.token} />
        <div className="flex justify-end">
          <Button tone="primary" onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
