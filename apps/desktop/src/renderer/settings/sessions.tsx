import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, Laptop, LockKeyhole } from 'lucide-react'
import { useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type Answers, meQuery, sessionsQuery, stateQuery } from '../live/queries.ts'
import { agoWords, dateWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { notice } from '../state/notices.ts'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { FromServer, useOnline } from '../ui/from-server.tsx'
import { Badge, Group, Panel, Row, rows } from '../ui/panel.tsx'
import { ChangePassphrase } from './change-passphrase.tsx'
import { ChangePassword } from './change-password.tsx'
import { SignOut } from './sign-out.tsx'

type Session = Answers['account']['sessions'][number]

/** Where one is signed in, and what locks that. */
export function Sessions() {
  const { data: state } = useQuery(stateQuery)
  const { data: me } = useQuery(meQuery)
  const [asking, setAsking] = useState<'password' | 'passphrase' | null>(null)
  const online = useOnline()
  return (
    <Panel title="Sessions" about="Every device and tool that is signed in as you.">
      <SignedIn />
      <Group title="Password and passphrase">
        <div className={rows}>
          <Row
            icon={<KeyRound aria-hidden size={16} />}
            label="Password"
            hint={
              me?.hasPassword === false
                ? 'You sign in through your identity provider; there is no password.'
                : 'You sign in with it on other devices.'
            }
          >
            {me?.hasPassword !== false && (
              <Button disabled={!online} onClick={() => setAsking('password')}>
                Change …
              </Button>
            )}
          </Row>
          {state?.kind === 'signed-in' && (
            <Row
              icon={<LockKeyhole aria-hidden size={16} />}
              label="What is kept on this device"
              hint={
                state.byPassphrase
                  ? 'Locked by your passphrase, which is asked for at each start.'
                  : 'Locked by a key in this computer’s keyring.'
              }
            >
              {state.byPassphrase && (
                <Button onClick={() => setAsking('passphrase')}>Change passphrase …</Button>
              )}
            </Row>
          )}
        </div>
      </Group>
      <SignOut />
      {asking === 'password' && <ChangePassword onClose={() => setAsking(null)} />}
      {asking === 'passphrase' && <ChangePassphrase onClose={() => setAsking(null)} />}
    </Panel>
  )
}

function SignedIn() {
  const sessions = useQuery({ ...sessionsQuery, refetchOnMount: 'always' })
  const queries = useQueryClient()
  const again = () => queries.invalidateQueries({ queryKey: sessionsQuery.queryKey })
  const endOthers = useMutation({
    mutationFn: () => engine.account.revokeOtherSessions.mutate(),
    onSuccess: () => notice({ tone: 'plain', text: 'All other sessions have ended.' }),
    onError: complain,
    onSettled: again,
  })
  const online = useOnline()
  const others = sessions.data?.some(({ current }) => !current) ?? false
  return (
    <Group
      title="Signed in"
      action={
        others && (
          <Confirm
            title="End all other sessions?"
            about="Every other device and tool is signed out at once. What they kept stays with them until they notice."
            done="End them all"
            onDone={() => endOthers.mutate()}
          >
            <Button tone="danger" size="small" disabled={!online} busy={endOthers.isPending}>
              End all others
            </Button>
          </Confirm>
        )
      }
    >
      <FromServer query={sessions} lines={3}>
        {(all) => (
          <ul className={rows}>
            {thisOneFirst(all).map((session) => (
              <SessionRow key={session.id} session={session} onEnded={() => void again()} />
            ))}
          </ul>
        )}
      </FromServer>
    </Group>
  )
}

const thisOneFirst = (sessions: readonly Session[]) =>
  sessions.toSorted((a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt - a.lastUsedAt)

function SessionRow({ session, onEnded }: { readonly session: Session; readonly onEnded: () => void }) {
  const now = useNow()
  const online = useOnline()
  const ending = useMutation({
    mutationFn: () => engine.account.revokeSession.mutate({ sessionId: session.id }),
    onError: complain,
    onSettled: onEnded,
  })
  const used = session.online ? 'Connected now' : `Last used ${agoWords(session.lastUsedAt, now)}`
  return (
    <li>
      <Row
        icon={<Laptop aria-hidden size={16} />}
        label={
          <>
            <span className="min-w-0 truncate">{session.deviceName}</span>
            {session.current && <Badge tone="accent">This device</Badge>}
          </>
        }
        hint={`${used} · signed in on ${dateWords(session.createdAt, now)}`}
      >
        {!session.current && (
          <Confirm
            title={`End the session of ${session.deviceName}?`}
            about="It is signed out at once, and has to sign in again."
            done="End session"
            onDone={() => ending.mutate()}
          >
            <Button
              tone="quiet"
              aria-label={`End session of ${session.deviceName}`}
              disabled={!online}
              busy={ending.isPending}
            >
              End
            </Button>
          </Confirm>
        )}
      </Row>
    </li>
  )
}
