import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { passwordCharsMin } from '@parley/domain/limits'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { closeOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { ByProvider } from './by-provider.tsx'
import { Card } from './entry-frame.tsx'
import { Form, FormProblem } from '../ui/form.tsx'
import { readInvitation } from './join-link.ts'
import type { Visit } from './visit.ts'

const fields = ['username', 'password', 'displayName', 'invite'] as const
const places = {
  'username-taken': 'username',
  'password-common': 'password',
  'invite-link-invalid': 'invite',
} as const

/** A new account: open to all, by an invite link, or the server's first one, by the link that it printed. */
export function SignUp({ visit }: { readonly visit: Visit }) {
  const { url, info } = visit
  const [link, setLink] = useState(visit.secret)
  const [displayName, setDisplayName] = useState('')
  const [username, setUsername] = useState('')
  const [password, setPassword] = useState('')
  // What is no link goes to the server as it is, which says so.
  const invite = readInvitation(link)?.secret ?? link.trim()
  const signingUp = useMutation({
    mutationFn: () =>
      engine.servers.signUp.mutate({
        url,
        username: username.trim(),
        password,
        ...(displayName.trim() && { displayName }),
        ...(invite && { invite }),
      }),
    onSuccess: closeOverlay,
  })
  const trouble = fieldTrouble(signingUp.error, fields, places)
  const byLink = info.awaitsOperator || info.signUp !== 'open' || visit.secret !== ''
  const filled = username.trim() !== '' && password !== '' && (info.signUp === 'open' || invite !== '')
  const invitation = byLink && (
    <TextField
      label={info.awaitsOperator ? 'One-time setup link' : 'Invite link'}
      hint={
        info.awaitsOperator
          ? 'The server printed it when it was started. Whoever has it becomes the operator.'
          : 'Paste the link that you were sent.'
      }
      autoComplete="off"
      autoFocus={link === ''}
      value={link}
      problem={at(trouble, 'invite')}
      onChange={(event) => setLink(event.target.value)}
    />
  )
  // The provider knows who comes; an invitation it does not know of.
  const isByProviderAlone = !info.signIn.password
  return (
    <Card>
      {isByProviderAlone && invitation}
      <ByProvider visit={visit} invite={invite}>
        <Form label="Make an account" onSubmit={() => filled && signingUp.mutate()}>
          {invitation}
          <TextField
            label="Your name"
            hint="What others see. It can be changed at any time."
            autoComplete="name"
            autoFocus={!byLink || link !== ''}
            value={displayName}
            problem={at(trouble, 'displayName')}
            onChange={(event) => setDisplayName(event.target.value)}
          />
          <TextField
            label="Username"
            autoComplete="username"
            autoCapitalize="off"
            value={username}
            problem={at(trouble, 'username')}
            onChange={(event) => setUsername(event.target.value)}
          />
          <PasswordField
            label="Password"
            hint={`At least ${String(passwordCharsMin)} characters. A few words that do not belong together are good.`}
            autoComplete="new-password"
            value={password}
            problem={at(trouble, 'password')}
            onChange={(event) => setPassword(event.target.value)}
          />
          <FormProblem text={at(trouble, null)} />
          <Button type="submit" tone="primary" busy={signingUp.isPending} disabled={!filled}>
            {signingUp.isPending ? 'Making your account …' : 'Make account'}
          </Button>
        </Form>
      </ByProvider>
    </Card>
  )
}
