import { useQuery } from '@tanstack/react-query'
import { CloudOff, LogIn } from 'lucide-react'
import { useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type Connection, connectionQuery } from '../live/queries.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { useCountdown, useLasting } from './use-countdown.ts'

/** A connection that is back sooner was never worth a word. */
const quietMs = 2_000

const reasons: Readonly<Record<string, string>> = {
  unreachable: 'The server cannot be reached.',
  lost: 'The connection was lost.',
  silent: 'The connection went silent.',
  restarting: 'The server is restarting.',
  'turned-away': 'The server is busy.',
  garbled: 'The server’s answers cannot be understood.',
}

/** Says that there is no connection, why, and what happens next. What is on the device can be used all the same. */
export function ConnectionBanner() {
  const { data: connection } = useQuery(connectionQuery)
  const away = connection !== undefined && connection.kind !== 'online'
  const shown = useLasting(away, connection?.kind === 'refused' ? 0 : quietMs)
  if (!shown || !connection) return null
  return connection.kind === 'refused' ? (
    <SignedOut connection={connection} />
  ) : (
    <Away connection={connection} />
  )
}

function Away({ connection }: { readonly connection: Connection }) {
  const waiting = connection.kind === 'waiting' ? connection : null
  const seconds = useCountdown(waiting?.nextTryAt ?? null)
  return (
    <div
      role="status"
      className="flex min-h-9 items-center gap-2.5 border-b border-line bg-warn-ground px-4 py-1 text-warn"
    >
      <CloudOff aria-hidden size={16} className="shrink-0" />
      <span className="min-w-0 flex-1">
        {waiting ? (reasons[waiting.reason] ?? 'There is no connection.') : 'Connecting …'} What you write is
        kept and sent later.
      </span>
      {waiting && (
        <>
          <span aria-hidden className="shrink-0 text-small tabular-nums">
            {seconds > 0 ? `again in ${String(seconds)} s` : 'trying …'}
          </span>
          <button
            type="button"
            onClick={() => void engine.app.retryNow.mutate()}
            className="shrink-0 rounded-small px-1.5 font-medium underline-offset-2 hover:underline"
          >
            Retry now
          </button>
        </>
      )}
    </div>
  )
}

function SignedOut({ connection }: { readonly connection: Extract<Connection, { kind: 'refused' }> }) {
  const [asking, setAsking] = useState(false)
  return (
    <div
      role="alert"
      className="flex min-h-9 items-center gap-2.5 border-b border-line bg-danger-ground px-4 py-1 text-danger"
    >
      <LogIn aria-hidden size={16} className="shrink-0" />
      <span className="min-w-0 flex-1">
        {connection.problem.kind === 'account-disabled'
          ? 'This account was disabled by the server’s operator.'
          : 'Your session has ended. What waits to be sent is kept.'}
      </span>
      <button
        type="button"
        onClick={() => setAsking(true)}
        className="shrink-0 rounded-small px-1.5 font-medium underline-offset-2 hover:underline"
      >
        Sign in again
      </button>
      {asking && <SignInAgain onClose={() => setAsking(false)} />}
    </div>
  )
}

function SignInAgain({ onClose }: { readonly onClose: () => void }) {
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const signIn = async () => {
    setBusy(true)
    try {
      await engine.servers.signInAgain.mutate({ password })
      onClose()
    } catch (error) {
      complain(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <FormDialog
      title="Sign in again"
      about="Everything on this device stays as it is."
      done="Sign in"
      busy={busy}
      disabled={password === ''}
      onDone={() => void signIn()}
      onClose={onClose}
    >
      <TextField
        label="Password"
        type="password"
        autoComplete="current-password"
        autoFocus
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
    </FormDialog>
  )
}
