import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { Button } from '../ui/button.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Card, EntryFrame } from './entry-frame.tsx'
import { Form, FormProblem } from '../ui/form.tsx'
import { StrengthHint } from '../ui/strength-hint.tsx'

/** The system keeps no keys: what is held on this device is locked by a passphrase instead. */
export function ChoosePassphrase({ username }: { readonly username: string }) {
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [differs, setDiffers] = useState(false)
  const choosing = useMutation({
    mutationFn: () => engine.app.choosePassphrase.mutate({ passphrase }),
  })
  const trouble = fieldTrouble(choosing.error, ['passphrase'])
  const submit = () => {
    setDiffers(again !== passphrase)
    if (again === passphrase && passphrase !== '') choosing.mutate()
  }
  return (
    <EntryFrame
      title={`Welcome, ${username}`}
      about="This computer has no keyring that could lock what Parley keeps on it. Choose a passphrase to do that."
    >
      <Card>
        <Form label="Choose a passphrase" onSubmit={submit}>
          <PasswordField
            label="Passphrase"
            hint={<StrengthHint secret={passphrase} />}
            autoComplete="new-password"
            autoFocus
            value={passphrase}
            problem={at(trouble, 'passphrase')}
            onChange={(event) => setPassphrase(event.target.value)}
          />
          <PasswordField
            label="Once more"
            autoComplete="new-password"
            value={again}
            problem={differs && again !== passphrase ? 'The two are not the same.' : null}
            onChange={(event) => setAgain(event.target.value)}
          />
          <p className="rounded-medium bg-warn-ground px-3 py-2 text-pretty text-warn">
            Nobody can recover it for you, not even the operator. If you forget it, only what the server has
            comes back.
          </p>
          <FormProblem text={at(trouble, null)} />
          <Button
            type="submit"
            tone="primary"
            busy={choosing.isPending}
            disabled={passphrase === '' || again === ''}
          >
            {choosing.isPending ? 'Locking …' : 'Use this passphrase'}
          </Button>
        </Form>
      </Card>
      <Button
        tone="quiet"
        className="self-center"
        onClick={() => void engine.app.startAnew.mutate().catch(complain)}
      >
        Not now, go back
      </Button>
    </EntryFrame>
  )
}
