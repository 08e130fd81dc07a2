import { useQuery } from '@tanstack/react-query'
import { outboxQuery } from '../live/queries.ts'
import { openOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { Group, Row, rows } from '../ui/panel.tsx'
import { signOutWords, unsentWords } from './unsent-words.ts'

/** Leaves this device. What was not sent yet would be lost, and is named. */
export function SignOut() {
  const { data: outbox = [] } = useQuery(outboxQuery)
  const unsent = unsentWords(outbox)
  return (
    <Group title="Sign out">
      <div className={rows}>
        <Row
          label="Leave this device"
          hint={unsent ? <span className="text-warn">{unsent} would be lost.</span> : signOutWords}
        >
          <Button tone="danger" onClick={() => openOverlay({ kind: 'sign-out' })}>
            Sign out …
          </Button>
        </Row>
      </div>
    </Group>
  )
}
