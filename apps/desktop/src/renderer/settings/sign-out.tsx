import { useMutation, useQuery } from '@tanstack/react-query'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { outboxQuery } from '../live/queries.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { Group, Row, rows } from '../ui/panel.tsx'
import { unsentWords } from './unsent-words.ts'

/** Leaves this device. What was not sent yet would be lost, and is named. */
export function SignOut() {
  const { data: outbox = [] } = useQuery(outboxQuery)
  const signingOut = useMutation({ mutationFn: () => engine.app.signOut.mutate(), onError: complain })
  const unsent = unsentWords(outbox)
  return (
    <Group title="Sign out">
      <div className={rows}>
        <Row
          label="Leave this device"
          hint={
            unsent ? (
              <span className="text-warn">{unsent} would be lost.</span>
            ) : (
              'What is kept here of this account is removed. What the server has stays there.'
            )
          }
        >
          <Confirm
            title="Sign out of this device?"
            about={`${unsent ? `${unsent} will be lost. ` : ''}What is kept here of this account is removed, drafts too. What the server has stays there.`}
            done={unsent ? 'Sign out and lose it' : 'Sign out'}
            onDone={() => signingOut.mutate()}
          >
            <Button tone="danger" busy={signingOut.isPending}>
              Sign out …
            </Button>
          </Confirm>
        </Row>
      </div>
    </Group>
  )
}
