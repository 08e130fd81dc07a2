import { useMutation } from '@tanstack/react-query'
import { Link2, LockKeyhole, LockKeyholeOpen } from 'lucide-react'
import { act, complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { isNamed } from '../search/is-named.ts'
import type { ConversationView, Sealing } from '../live/queries.ts'
import { sealedWords } from '../live/sealed-words.ts'
import { rightsIn } from '../pane/rights.ts'
import { notice } from '../state/notices.ts'
import { openOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { BotsReading } from './bots-reading.tsx'
import { HistoryChoice, historyWords } from './history-choice.tsx'
import { useWhyNotSealed } from './why-not-sealed.ts'

/** Who can read what is said in a conversation, and what can be changed about that. */
export function SealingAbout({ view }: { readonly view: ConversationView }) {
  return (
    <section aria-label="Who can read this" className="flex flex-col gap-3 border-t border-line pt-4">
      {view.conversation.sealed ? <Sealed view={view} /> : <Plain view={view} />}
    </section>
  )
}

function Plain({ view }: { readonly view: ConversationView }) {
  const whyNot = useWhyNotSealed()
  const mayTurn = rightsIn(view).turnSealed
  return (
    <>
      <p className="flex gap-2 text-dim">
        <LockKeyholeOpen aria-hidden size={16} className="mt-0.5 shrink-0" />
        Not end-to-end encrypted: whoever runs the server can read what is said here.
      </p>
      {mayTurn && whyNot !== null && <p className="text-small text-pretty text-dim">{whyNot}</p>}
      {mayTurn && whyNot === null && (
        <Button className="self-start" onClick={() => openOverlay({ kind: 'turn-sealed', id: view.id })}>
          Turn encryption on …
        </Button>
      )}
    </>
  )
}

function Sealed({ view }: { readonly view: ConversationView }) {
  const { sealing, conversation, id } = view
  const isGroup = conversation.kind === 'group'
  const mayChange = rightsIn(view).setJoinPolicy
  return (
    <>
      <p className="flex gap-2">
        <LockKeyhole
          aria-hidden
          size={16}
          className={`mt-0.5 shrink-0 ${sealing?.state === 'open' ? 'text-good' : 'text-dim'}`}
        />
        <span className="text-pretty">{standingWords(sealing)}</span>
      </p>
      {view.other?.bot === true && <BotsReading names={[view.other.displayName]} />}
      {isGroup && sealing && mayChange && (
        <HistoryChoice
          value={sealing.history}
          onChange={(history) => void act({ kind: 'set-history', conversationId: id, history })}
        />
      )}
      {isGroup && sealing && !mayChange && (
        <p className="text-small text-dim">
          Newcomers read: {historyWords[sealing.history].label.toLocaleLowerCase()}.
        </p>
      )}
      {isGroup && mayChange && sealing?.state === 'open' && <InviteLink view={view} />}
    </>
  )
}

function standingWords(sealing: Sealing | null): string {
  if (!sealing) return 'End-to-end encrypted. Its keys are not on this device yet.'
  if (sealing.state === 'open') {
    return sealing.verified
      ? 'End-to-end encrypted. This device has checked every member and key, and you have compared the safety numbers.'
      : 'End-to-end encrypted. This device has checked every member and key. To be sure of a person, compare the safety number.'
  }
  return sealing.cause === null
    ? 'End-to-end encrypted. Its keys are on their way.'
    : `End-to-end encrypted. ${sealedWords[sealing.cause].happened} ${sealedWords[sealing.cause].next}`
}

/** A link with which somebody comes in and is known to be who was meant. */
function InviteLink({ view: { id } }: { readonly view: ConversationView }) {
  const making = useMutation({
    mutationFn: async () => {
      if (!isNamed(id)) return
      await navigator.clipboard.writeText(await engine.encryption.inviteLink.mutate({ conversationId: id }))
      notice({ tone: 'plain', text: 'The invite link was copied. Whoever has it can join.' })
    },
    onError: complain,
  })
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Button busy={making.isPending} onClick={() => making.mutate()}>
        <Link2 aria-hidden size={16} />
        Copy invite link
      </Button>
      <p className="text-small text-pretty text-dim">
        It carries a secret that the server never sees: whoever joins by it is known to be who you sent it to.
      </p>
    </div>
  )
}
