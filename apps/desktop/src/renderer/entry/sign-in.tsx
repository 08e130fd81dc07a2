import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { closeOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { Card } from './entry-frame.tsx'
import { Form, FormProblem } from '../ui/form.tsx'
import { ByProvider } from './by-provider.tsx'
import type { Visit } from './visit.ts'

/** By the server's identity provider where it has one, and by username and password. */
export function SignIn({ visit }: { readonly visit: Visit }) {
  const { url } = visit
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  const signingIn = useMutation({
    mutationFn: () => engine.servers.signIn.mutate({ url, username: username.trim(), password }),
    onSuccess: closeOverlay,
  })
  const trouble = fieldTrouble(signingIn.error, ['username', 'password'], {
    'wrong-credentials': 'password',
  })
  const filled = username.trim() !== '' && password !== ''
  return (
    <Card>
      <ByProvider visit={visit}>
        <Form label="Sign in" onSubmit={() => filled && signingIn.mutate()}>
          <TextField
            label="Username"
            autoComplete="username"
            autoCapitalize="off"
            autoFocus
            value={username}
            problem={at(trouble, 'username')}
            onChange={(event) => setUsername(event.target.value)}
          />
          <PasswordField
            label="Password"
            autoComplete="current-password"
            value={password}
            problem={at(trouble, 'password')}
            onChange={(event) => setPassword(event.target.value)}
          />
          <FormProblem text={at(trouble, null)} />
          <Button type="submit" tone="primary" busy={signingIn.isPending} disabled={!filled}>
            {signingIn.isPending ? 'Signing in …' : 'Sign in'}
          </Button>
        </Form>
      </ByProvider>
    </Card>
  )
}
