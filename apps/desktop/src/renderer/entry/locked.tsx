import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { accountsQuery } from '../live/queries.ts'
import { troubleText } from '../live/act.ts'
import { portErrorOf } from '../../ports/caller.ts'
import { Button } from '../ui/button.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Card, EntryFrame } from './entry-frame.tsx'
import { Form, FormProblem } from '../ui/form.tsx'
import { StartAnew } from './start-anew.tsx'

/** What is on this device is locked by a passphrase. */
export function Locked() {
  const { data: accounts = [] } = useQuery(accountsQuery)
  const [passphrase, setPassphrase] = useState('')
  const unlocking = useMutation({ mutationFn: () => engine.app.unlock.mutate({ passphrase }) })
  const wrong = portErrorOf(unlocking.error)?.kind === 'wrong-credentials'
  const trouble = fieldTrouble(unlocking.error, ['passphrase'])
  const [only] = accounts
  return (
    <EntryFrame
      title={only && accounts.length === 1 ? `Welcome back, ${only.displayName}` : 'Welcome back'}
      about={only && accounts.length === 1 ? only.serverName : undefined}
    >
      <Card>
        <Form label="Unlock" onSubmit={() => passphrase !== '' && unlocking.mutate()}>
          <PasswordField
            label="Passphrase"
            hint="The one that you chose for this computer."
            autoComplete="current-password"
            autoFocus
            value={passphrase}
            problem={wrong ? 'This is not the passphrase. Try again.' : at(trouble, 'passphrase')}
            onChange={(event) => {
              setPassphrase(event.target.value)
              unlocking.reset()
            }}
          />
          <FormProblem text={unlocking.error && !wrong ? troubleText(unlocking.error) : null} />
          <Button type="submit" tone="primary" busy={unlocking.isPending} disabled={passphrase === ''}>
            {unlocking.isPending ? 'Unlocking …' : 'Unlock'}
          </Button>
        </Form>
      </Card>
      <p className="text-center text-dim">
        Forgot it? <StartAnew />
      </p>
    </EntryFrame>
  )
}
