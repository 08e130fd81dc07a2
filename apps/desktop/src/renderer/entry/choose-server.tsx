import { ArrowRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { at, fieldTrouble } from '../live/field-trouble.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/field.tsx'
import { Form, FormProblem } from '../ui/form.tsx'
import { DeviceAccounts } from './device-accounts.tsx'
import { Card, EntryFrame } from './entry-frame.tsx'
import { lastServer, spokenAddress } from './last-server.ts'
import { useLook } from './use-look.ts'
import type { Visit } from './visit.ts'

const places = { unreachable: 'url', 'not-understood': 'url', 'connection-lost': 'url' } as const

interface ChooseServerProps {
  readonly title: string
  readonly except?: string | undefined
  /** An invite link that was opened outside of the app; it is followed at once. */
  readonly link: string | null
  readonly onFound: (visit: Visit) => void
}

/** Where to: the first thing that somebody is asked. An invite link answers it too. */
export function ChooseServer({ title, except, link, onFound }: ChooseServerProps) {
  const [typed, setTyped] = useState(() => link ?? (except === undefined ? spokenAddress(lastServer()) : ''))
  const { mutate, reset, error, isPending } = useLook(onFound)
  useEffect(() => {
    if (link !== null) mutate(link)
  }, [link, mutate])
  const trouble = fieldTrouble(error, ['url'], places)
  return (
    <EntryFrame
      title={title}
      about={
        except === undefined
          ? 'Team chat on a server of your own. Which one do you want to go to?'
          : 'It comes beside those that you have. On which server is it?'
      }
    >
      <Card>
        <Form label="Server" onSubmit={() => typed.trim() !== '' && mutate(typed)}>
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
              reset()
            }}
          />
          <FormProblem text={at(trouble, null)} />
          <Button type="submit" tone="primary" busy={isPending} disabled={typed.trim() === ''}>
            {isPending ? 'Looking …' : 'Continue'}
            {!isPending && <ArrowRight aria-hidden size={16} />}
          </Button>
        </Form>
      </Card>
      <DeviceAccounts except={except} />
    </EntryFrame>
  )
}
