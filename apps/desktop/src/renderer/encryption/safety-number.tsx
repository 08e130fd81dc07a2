import { useMutation, useQuery } from '@tanstack/react-query'
import { ChevronRight, ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react'
import { useState } from 'react'
import { act, complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import {
  type Answers,
  type ConversationKey,
  conversationQuery,
  type ConversationView,
  type Person,
  safetyNumberQuery,
  sealedNoticesQuery,
} from '../live/queries.ts'
import { rightsIn } from '../pane/rights.ts'
import { notice } from '../state/notices.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Confirm } from '../ui/dialog.tsx'
import { hasChanged } from './alarming.ts'
import { CodeGroups } from './code-groups.tsx'

interface SafetyNumberProps {
  readonly person: Person
  /** The conversation in which somebody looks at the person: it knows whether the keys have changed. */
  readonly conversationId?: ConversationKey | undefined
}

/** The number by which two people make sure of each other's keys. */
export function SafetyNumber({ person, conversationId }: SafetyNumberProps) {
  const { data: number } = useQuery(safetyNumberQuery(person.id))
  if (!number) return null
  return conversationId === undefined ? (
    <Numbered person={person} number={number} isNew={false} view={null} />
  ) : (
    <Here person={person} number={number} id={conversationId} />
  )
}

type Number = NonNullable<Answers['encryption']['safetyNumber']>

interface Of {
  readonly person: Person
  readonly number: Number
}

function Here({ id, ...of }: Of & { readonly id: ConversationKey }) {
  const { data } = useQuery(sealedNoticesQuery(id))
  const { data: view = null } = useQuery(conversationQuery(id))
  return <Numbered {...of} isNew={data !== undefined && hasChanged(data.notices, of.person.id)} view={view} />
}

interface NumberedProps extends Of {
  /** The person began again with new keys. */
  readonly isNew: boolean
  /** The conversation in which that is so. */
  readonly view: ConversationView | null
}

function Numbered({ person, number, isNew, view }: NumberedProps) {
  const [isOpen, setOpen] = useState<boolean | null>(null)
  const isChanged = isNew && !number.verified
  const isShown = isOpen ?? isChanged
  return (
    <section
      aria-label="Safety number"
      className={`flex flex-col gap-3 rounded-medium border p-3 ${isChanged ? 'border-danger bg-danger-ground' : 'border-line'}`}
    >
      <button
        type="button"
        aria-expanded={isShown}
        onClick={() => setOpen(!isShown)}
        className="flex items-center gap-2 rounded-small text-left"
      >
        <Standing verified={number.verified} changed={isChanged} />
        <ChevronRight
          aria-hidden
          size={16}
          className={`ml-auto shrink-0 text-dim transition-transform duration-100 ${isShown ? 'rotate-90' : ''}`}
        />
      </button>
      {isChanged && (
        <p className="text-pretty text-danger">
          {person.displayName} began again with new keys, or somebody pretends to be {person.displayName}.
          Compare the number before you write anything that matters.
        </p>
      )}
      {isShown && <Compared person={person} digits={number.digits} verified={number.verified} />}
      {isChanged && view && mayLetIn(view) && <LetIn person={person} digits={number.digits} id={view.id} />}
    </section>
  )
}

function Standing({ verified, changed }: { readonly verified: boolean; readonly changed: boolean }) {
  if (changed) {
    return (
      <>
        <ShieldAlert aria-hidden size={16} className="shrink-0 text-danger" />
        <span className="font-medium text-danger">The safety number has changed</span>
      </>
    )
  }
  return verified ? (
    <>
      <ShieldCheck aria-hidden size={16} className="shrink-0 text-good" />
      <span>Safety number compared</span>
    </>
  ) : (
    <>
      <ShieldQuestion aria-hidden size={16} className="shrink-0 text-dim" />
      <span>Safety number</span>
      <span className="text-small text-dim">not compared</span>
    </>
  )
}

const mayLetIn = (view: ConversationView) => view.conversation.kind === 'direct' || rightsIn(view).addMembers

interface LetInProps {
  readonly person: Person
  /** As they are shown: with keys of another number nobody is let in. */
  readonly digits: string
  readonly id: ConversationKey
}

/** Until then what is said here is not sealed to the new keys. */
function LetIn({ person, digits, id }: LetInProps) {
  const letIn = async () => {
    const done = await act({ kind: 'add-members', conversationId: id, accountIds: [person.id], digits })
    if (done)
      notice({ tone: 'plain', text: `${person.displayName} can read again what is said from now on.` })
  }
  return (
    <div className="flex flex-col items-start gap-1.5">
      <p className="text-small text-pretty text-soft">
        Until you let {person.displayName} in with the new keys, what is said here stays closed there.
      </p>
      <Confirm
        title={`Let ${person.displayName} in with the new keys?`}
        about="Whoever has these keys reads what is said here from now on. Be sure of the safety number first."
        done="Let in"
        onDone={() => void letIn()}
      >
        <Button>Let in …</Button>
      </Confirm>
    </div>
  )
}

interface ComparedProps {
  readonly person: Person
  readonly digits: string
  readonly verified: boolean
}

function Compared({ person, digits, verified }: ComparedProps) {
  const marking = useMutation({
    mutationFn: (on: boolean) =>
      engine.encryption.setVerified.mutate({ accountId: person.id, digits: on ? digits : null }),
    onError: complain,
  })
  return (
    <>
      <div className="rounded-medium border border-line bg-ground px-2 py-3">
        <CodeGroups label={`Safety number with ${person.displayName}`} code={digits} look="compared" />
      </div>
      <p className="text-small text-pretty text-dim">
        {person.displayName} sees a number for you, too. Compare them when you meet or talk: where they are
        equal, nobody has put other keys between you.
      </p>
      <div className="flex flex-wrap gap-2">
        <Button
          tone={verified ? 'plain' : 'primary'}
          busy={marking.isPending}
          onClick={() => marking.mutate(!verified)}
        >
          {verified ? 'Take the mark back' : 'Mark as compared'}
        </Button>
        <CopyButton text={digits} />
      </div>
    </>
  )
}
