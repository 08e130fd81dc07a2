import { useMutation } from '@tanstack/react-query'
import { engine } from '../live/clients.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form.tsx'
import { Card, EntryFrame } from './entry-frame.tsx'
import { StartAnew } from './start-anew.tsx'

/** What is kept on this computer cannot be read. Nothing of it was changed. */
export function Damaged() {
  const trying = useMutation({ mutationFn: () => engine.app.tryAgain.mutate() })
  return (
    <EntryFrame
      title="What is kept here cannot be read"
      about="Parley’s data on this computer was written by a newer version, or the disk has damaged it. It was left as it is."
    >
      <Card>
        <p className="text-soft">
          Update Parley if this computer had a newer version before. The app’s log says what was wrong.
        </p>
        <FormProblem text={trying.isSuccess ? 'It still cannot be read.' : null} />
        <Button tone="primary" autoFocus busy={trying.isPending} onClick={() => trying.mutate()}>
          Try again
        </Button>
      </Card>
      <p className="text-center text-dim">
        Nothing helps? <StartAnew />
      </p>
    </EntryFrame>
  )
}
