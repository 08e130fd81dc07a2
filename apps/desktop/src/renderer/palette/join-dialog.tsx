import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { complain, troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { live } from '../live/live.ts'
import { accountsQuery, stateQuery } from '../live/queries.ts'
import { SignUp } from '../entry/sign-up.tsx'
import { awaitPlace } from '../shell/whereabouts.ts'
import { closeOverlay, type JoinLink } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, FormDialog } from '../ui/dialog.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { JoinGroup } from './join-group.tsx'

/** Somebody followed an invitation while signed in: asks what is wanted of it. */
export function JoinDialog({ link }: { readonly link: JoinLink }) {
  const { data: state } = useQuery(stateQuery)
  const { data: accounts = [] } = useQuery(accountsQuery)
  if (state?.kind !== 'signed-in') return null
  const there = accounts.filter(({ url }) => new URL(url).origin === link.server)
  if (there.some(({ key }) => key === state.account.key)) {
    return link.conversationId === null ? (
      <AlreadyHere />
    ) : (
      <JoinGroup id={link.conversationId} secret={link.secret} />
    )
  }
  const [other] = there
  return other ? (
    <Switch name={other.displayName} accountKey={other.key} link={link} />
  ) : (
    <OtherServer link={link} />
  )
}

function AlreadyHere() {
  return (
    <Dialog
      title="You are on this server already"
      about="The invitation is for somebody without an account here."
      onClose={closeOverlay}
    >
      <div className="flex justify-end px-5 pt-2 pb-4">
        <Button tone="primary" onClick={closeOverlay}>
          Go on
        </Button>
      </div>
    </Dialog>
  )
}

interface SwitchProps {
  readonly name: string
  readonly accountKey: string
  readonly link: JoinLink
}

function Switch({ name, accountKey, link }: SwitchProps) {
  const [busy, setBusy] = useState(false)
  const goThere = async () => {
    setBusy(true)
    if (link.conversationId !== null) awaitPlace({ kind: 'groups', id: link.conversationId })
    await engine.app.switchTo.mutate({ key: accountKey }).catch(complain)
    closeOverlay()
  }
  return (
    <FormDialog
      title={`Switch to ${name}?`}
      about={`This invitation is for ${new URL(link.server).host}, where you have another account.`}
      done="Switch account"
      busy={busy}
      onDone={() => void goThere()}
      onClose={closeOverlay}
    >
      {null}
    </FormDialog>
  )
}

function OtherServer({ link }: { readonly link: JoinLink }) {
  const { host } = new URL(link.server)
  const { data: info, error, refetch } = useQuery(serverQuery(link.server))
  return (
    <Dialog
      title={`Make an account on ${info?.info.name ?? host}?`}
      about="You were invited to another server. The account that you have stays on this device."
      onClose={closeOverlay}
    >
      <div className="min-h-0 overflow-y-auto px-5 pt-2 pb-5">
        {info ? (
          <SignUp visit={{ ...info, secret: link.secret }} />
        ) : error ? (
          <Failed text={troubleText(error)} onRetry={() => void refetch()} />
        ) : (
          <Shape lines={2} />
        )}
      </div>
    </Dialog>
  )
}

/** Asked of the server itself, which need not be there. */
const serverQuery = (url: string) => live('server', url, ['app'], () => engine.servers.look.query({ url }))
