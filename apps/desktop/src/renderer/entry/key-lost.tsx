import { useMutation } from '@tanstack/react-query'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { Button } from '../ui/button.tsx'
import { Card, EntryFrame } from './entry-frame.tsx'
import { FormProblem } from '../ui/form.tsx'
import { StartAnew } from './start-anew.tsx'

/** The system's keyring does not give the key that opens what is on this device. */
export function KeyLost() {
  const trying = useMutation({ mutationFn: () => engine.app.tryAgain.mutate() })
  return (
    <EntryFrame
      title="The keyring did not open"
      about="What Parley keeps on this computer is locked by a key in the system’s keyring, and the keyring did not give it."
    >
      <Card>
        <p className="text-soft">
          The keyring may be locked, or belong to another user of this computer. Unlock it, then try again.
        </p>
        <FormProblem
          text={
            trying.error
              ? troubleText(trying.error)
              : trying.isSuccess
                ? 'The keyring still does not have the key.'
                : null
          }
        />
        <Button tone="primary" autoFocus busy={trying.isPending} onClick={() => trying.mutate()}>
          {trying.isPending ? 'Asking the keyring …' : 'Try again'}
        </Button>
      </Card>
      <p className="text-center text-dim">
        The key is gone for good? <StartAnew />
      </p>
    </EntryFrame>
  )
}
