import type { inferRouterOutputs } from '@trpc/server'
import { Download } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { DeskRouter } from '../../main/desk.ts'
import { complain } from '../live/act.ts'
import { desk } from '../live/clients.ts'
import { agoWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { Button } from '../ui/button.tsx'
import { Group, Row, rows } from '../ui/panel.tsx'

type UpdateState = inferRouterOutputs<DeskRouter>['updates']['state']

/** Whether there is a newer Parley, which waits until it is wanted. */
export function Updates() {
  const [state, setState] = useState<UpdateState | null>(null)
  const now = useNow()
  useEffect(() => {
    const following = desk.updates.changes.subscribe(undefined, { onData: setState })
    return () => following.unsubscribe()
  }, [])
  if (!state) return null
  const { label, hint } = words(state, now)
  const canCheck = state.kind === 'none' || state.kind === 'failed'
  return (
    <Group title="Updates">
      <div className={rows} role="status">
        <Row icon={<Download aria-hidden size={16} />} label={label} hint={hint}>
          {canCheck && (
            <Button onClick={() => void desk.updates.check.mutate().catch(complain)}>Look for updates</Button>
          )}
          {state.kind === 'ready' && (
            <Button tone="primary" onClick={() => void desk.updates.install.mutate().catch(complain)}>
              Restart to update
            </Button>
          )}
        </Row>
      </div>
    </Group>
  )
}

interface Words {
  readonly label: string
  readonly hint?: string
}

function words(state: UpdateState, now: number): Words {
  switch (state.kind) {
    case 'off':
      return {
        label: 'This Parley does not update itself',
        hint: 'It came from a package or was built from its sources, and is updated the same way.',
      }
    case 'none':
      return {
        label: 'Parley is up to date',
        hint: state.checkedAt === null ? 'Not looked yet.' : `Looked ${agoWords(state.checkedAt, now)}.`,
      }
    case 'checking':
      return { label: 'Looking for updates …' }
    case 'downloading':
      return {
        label: `Getting Parley ${state.version} …`,
        hint: `${String(state.percent)} % is here. You can go on working.`,
      }
    case 'ready':
      return {
        label: `Parley ${state.version} is ready`,
        hint: 'It is installed when you quit, or now.',
      }
    case 'failed':
      return state.reason === 'unreachable'
        ? { label: 'Could not look for updates', hint: 'The place where they are kept did not answer.' }
        : { label: 'The update could not be used', hint: 'What came was damaged. Try again later.' }
  }
}
