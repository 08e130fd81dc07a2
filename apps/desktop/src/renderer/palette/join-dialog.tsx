import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ConversationId } from '@parley/domain/ids'
import { act, complain, troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { accountsQuery, conversationsQuery, groupQuery, stateQuery } from '../live/queries.ts'
import { policyWords } from '../groups/policy-words.ts'
import { awaitPlace } from '../shell/whereabouts.ts'
import { closeOverlay, type JoinLink } from '../state/overlay.ts'
import { notice } from '../state/notices.ts'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'

/** Somebody followed an invitation while signed in: asks what is wanted of it. */
export function JoinDialog({ link }: { readonly link: JoinLink }) {
  const { data: state } = useQuery(stateQuery)
  const { data: accounts = [] } = useQuery(accountsQuery)
  if (state?.kind !== 'signed-in') return null
  const there = accounts.filter(({ url }) => new URL(url).origin === link.server)
  if (there.some(({ key }) => key === state.account.key)) {
    return link.conversationId === null ? <AlreadyHere /> : <JoinGroup id={link.conversationId} />
  }
  const [other] = there
  return other ? (
    <Switch name={other.displayName} accountKey={other.key} link={link} />
  ) : (
    <OtherServer server={link.server} />
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

function OtherServer({ server }: { readonly server: string }) {
  return (
    <Dialog
      title="An invitation to another server"
      about={`It is for ${new URL(server).host}, where you have no account on this device. Sign out, and follow the invitation again to sign up there.`}
      onClose={closeOverlay}
    >
      <div className="flex justify-end px-5 pt-2 pb-4">
        <Button onClick={closeOverlay}>Close</Button>
      </div>
    </Dialog>
  )
}

function JoinGroup({ id }: { readonly id: ConversationId }) {
  const { data: group, error, refetch } = useQuery(groupQuery(id))
  const { data: mine } = useQuery(conversationsQuery)
  const [password, setPassword] = useState('')
  const isIn = mine?.some((each) => each.id === id) === true
  const asks = group?.joinPolicy === 'approval'
  const needsPassword = group?.joinPolicy === 'password' && !isIn

  const done = async () => {
    if (isIn) go({ kind: 'conversation', id })
    else if (asks) {
      const asked = await act({ kind: 'ask-to-join', conversationId: id })
      if (asked) notice({ tone: 'plain', text: 'You asked to join. The group’s admins will answer.' })
    } else {
      const joined = await act({
        kind: 'join',
        conversationId: id,
        ...(needsPassword && { password }),
      })
      if (joined) go({ kind: 'groups', id })
    }
    closeOverlay()
  }

  if (error && !isIn) {
    return (
      <Dialog title="The group cannot be looked up" about={troubleText(error)} onClose={closeOverlay}>
        <div className="flex justify-end gap-2 px-5 pt-2 pb-4">
          <Button onClick={closeOverlay}>Close</Button>
          <Button tone="primary" onClick={() => void refetch()}>
            Try again
          </Button>
        </div>
      </Dialog>
    )
  }
  const closed = group?.joinPolicy === 'closed' && !isIn
  return (
    <FormDialog
      title={group ? (isIn ? `Open ${group.name}?` : `Join ${group.name}?`) : 'An invitation to a group'}
      about={
        closed
          ? 'Only its admins can add people. Ask one of them.'
          : group
            ? policyWords[group.joinPolicy].mark
            : 'Looking it up …'
      }
      done={isIn ? 'Open' : asks ? 'Ask to join' : 'Join'}
      disabled={!group || closed || (needsPassword && password === '')}
      onDone={() => void done()}
      onClose={closeOverlay}
    >
      {group?.description ? <p className="text-soft">{group.description}</p> : null}
      {needsPassword && (
        <TextField
          label="Password of the group"
          type="password"
          autoComplete="off"
          autoFocus
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
    </FormDialog>
  )
}
