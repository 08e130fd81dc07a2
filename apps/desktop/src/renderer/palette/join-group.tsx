import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { ConversationId } from '@parley/domain/ids'
import { policyWords } from '../groups/policy-words.ts'
import { act, complain, troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { conversationsQuery, groupQuery, outboxQuery } from '../live/queries.ts'
import { wordsFor } from '../live/trouble-words.ts'
import { notice } from '../state/notices.ts'
import { closeOverlay } from '../state/overlay.ts'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'

interface JoinGroupProps {
  readonly id: ConversationId
  /** What stood behind the `#` of the link. */
  readonly secret: string
}

/**
 * A link led to a group of this server: joins it, asks to, or opens it, as its policy has it. The link of an encrypted
 * group is an invite of its own, which lets people in whatever the policy.
 */
export function JoinGroup({ id, secret }: JoinGroupProps) {
  const { data: group, error, refetch } = useQuery(groupQuery(id))
  const { data: mine } = useQuery(conversationsQuery)
  const [password, setPassword] = useState('')
  const joining = useJoining(id)
  const isIn = mine?.some((each) => each.id === id) === true
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
  const invite = secret.includes('.') ? secret : undefined
  const policy = isIn || invite !== undefined ? null : group?.joinPolicy
  const asks = policy === 'approval'
  const needsPassword = policy === 'password'
  const done = () => {
    if (isIn) open(id)
    else if (asks) void ask(id)
    else joining.join({ ...(needsPassword && { password }), ...(invite !== undefined && { invite }) })
  }
  return (
    <FormDialog
      title={group ? `${isIn ? 'Open' : 'Join'} ${group.name}?` : 'An invitation to a group'}
      about={
        policy === 'closed'
          ? 'Only its admins can add people. Ask one of them.'
          : group && invite !== undefined
            ? 'You are invited. It is end-to-end encrypted.'
            : group
              ? policyWords[group.joinPolicy].mark
              : 'Looking it up …'
      }
      done={isIn ? 'Open' : asks ? 'Ask to join' : 'Join'}
      busy={joining.busy}
      disabled={!group || policy === 'closed' || (needsPassword && password === '')}
      onDone={done}
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
          problem={joining.problem}
          onChange={(event) => setPassword(event.target.value)}
        />
      )}
      {!needsPassword && joining.problem !== null && (
        <p role="alert" className="text-danger">
          {joining.problem}
        </p>
      )}
    </FormDialog>
  )
}

function open(id: ConversationId): void {
  closeOverlay()
  go({ kind: 'conversation', id })
}

async function ask(id: ConversationId): Promise<void> {
  const asked = await act({ kind: 'ask-to-join', conversationId: id })
  if (asked) notice({ tone: 'plain', text: 'You asked to join. An admin of the group will answer.' })
  closeOverlay()
}

/** Joins, and opens the group once one is in it. What the server says against it is shown, and taken back. */
function useJoining(id: ConversationId) {
  const { data: mine } = useQuery(conversationsQuery)
  const { data: outbox } = useQuery(outboxQuery)
  const [operationId, setOperationId] = useState<string | null>(null)
  const operation = outbox?.find((each) => each.id === operationId)
  const isIn = mine?.some((each) => each.id === id) === true
  useEffect(() => {
    if (operationId !== null && isIn) open(id)
  }, [operationId, isIn, id])
  return {
    busy: operationId !== null && operation?.state !== 'refused',
    problem: operation?.problem ? wordsFor(operation.problem.kind, operation.problem.message) : null,
    join(by: { readonly password?: string; readonly invite?: string }) {
      const again = operation?.state === 'refused' ? operation.id : null
      void (async () => {
        if (again !== null) await engine.outbox.undo.mutate({ id: again })
        const made = await act({
          kind: 'join',
          conversationId: id,
          ...by,
        })
        setOperationId(made?.id ?? null)
      })().catch(complain)
    },
  }
}
