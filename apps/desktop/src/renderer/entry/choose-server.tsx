import { useMutation } from '@tanstack/react-query'
import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { engine } from '../live/clients.ts'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { DeviceAccounts } from './device-accounts.tsx'
import { Card, EntryFrame } from './entry-frame.tsx'
import { Form, FormProblem } from '../ui/form.tsx'
import { readInvitation } from './join-link.ts'
import { lastServer, rememberServer, spokenAddress } from './last-server.ts'
import type { Visit } from './visit.ts'

const elsewhere = { unreachable: 'url', 'not-understood': 'url', 'connection-lost': 'url' } as const

/** Where to: the first thing that somebody is asked. An invite link answers it too. */
export function ChooseServer({ onFound }: { readonly onFound: (visit: Visit) => void }) {
  const [typed, setTyped] = useState(() => spokenAddress(lastServer()) || '')
  const looking = useMutation({
    mutationFn: async (text: string): Promise<Visit> => {
      const invitation = readInvitation(text)
      const { url, info } = await engine.servers.look.query({ url: invitation?.server ?? text })
      return { url, info, secret: invitation?.server ? invitation.secret : '' }
    },
    onSuccess(visit) {
      rememberServer(visit.url)
      onFound(visit)
    },
  })
  const trouble = fieldTrouble(looking.error, ['url'], elsewhere)
  return (
    <EntryFrame
      title="Welcome to Parley"
      about="Team chat on a server of your own. Which one do you want to go to?"
    >
      <Card>
        <Form label="Server" onSubmit={() => typed.trim() !== '' && looking.mutate(typed)}>
          <TextField
            label="Server or invite link"
            hint="Your team tells you the address, or sends you a link."
            placeholder="chat.example.org"
            autoFocus
            autoCapitalize="off"
            autoComplete="off"
            value={typed}
            problem={at(trouble, 'url')}
            onChange={(event) => {
              setTyped(event.target.value)
              looking.reset()
            }}
          />
          <FormProblem text={at(trouble, null)} />
          <Button type="submit" tone="primary" busy={looking.isPending} disabled={typed.trim() === ''}>
            {looking.isPending ? 'Looking …' : 'Continue'}
            {!looking.isPending && <ArrowRight aria-hidden size={16} />}
          </Button>
        </Form>
      </Card>
      <DeviceAccounts />
    </EntryFrame>
  )
}
