import { useQuery } from '@tanstack/react-query'
import type { ConversationId } from '@parley/domain/ids'
import { Hourglass, ShieldAlert } from 'lucide-react'
import { type ReactNode, use } from 'react'
import { HereContext } from '../conversation/here.ts'
import { useNameOf } from '../conversation/names.ts'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { type ConversationView, encryptionQuery, type Sealing, sealedNoticesQuery } from '../live/queries.ts'
import { sealedWords } from '../live/sealed-words.ts'
import { isNamed } from '../search/is-named.ts'
import { useLasting } from '../shell/use-countdown.ts'
import { useEncryptionBanner } from '../state/encryption-banner.ts'
import { go, openPane } from '../state/place.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { type Alarming, newestAlarming } from './alarming.ts'

/** What mends sooner is not worth a bar. */
const quietMs = 1_500

/** Above an encrypted conversation: what keeps it from being read or written, and what somebody should know of it. */
export function SealingBar({ view }: { readonly view: ConversationView }) {
  const { sealing, id } = view
  if (!sealing) return null
  return (
    <>
      {sealing.state === 'broken' && <Broken sealing={sealing} />}
      {sealing.state === 'waiting' && <Waiting view={view} sealing={sealing} />}
      {isNamed(id) && <Alarm id={id} />}
    </>
  )
}

function Broken({ sealing: { cause } }: { readonly sealing: Sealing }) {
  const said = sealedWords[cause ?? 'chain-broken']
  return (
    <Bar role="alert" tone="danger">
      <span className="min-w-0 flex-1">
        {said.happened} {said.next}
      </span>
    </Bar>
  )
}

interface WaitingProps {
  readonly view: ConversationView
  readonly sealing: Sealing
}

function Waiting({ view, sealing: { cause } }: WaitingProps) {
  const { data: standing } = useQuery(encryptionQuery)
  const isSaidAbove = !useEncryptionBanner((state) => state.isHidden)
  const isLate = useLasting(true, quietMs)
  if (!isLate || (standing?.kind === 'not-linked' && isSaidAbove)) return null
  const said = sealedWords[cause ?? 'no-grant-yet']
  return (
    <Bar role="status" tone="plain">
      {standing?.kind === 'not-linked' ? (
        <>
          <span className="min-w-0 flex-1">
            This device is not linked yet, so what is said here stays closed.
          </span>
          <LinkButton onClick={() => go({ kind: 'settings', section: 'encryption' })}>Link it</LinkButton>
        </>
      ) : (
        <span className="min-w-0 flex-1">
          {cause === 'identity-changed' ? newHere(view) : `${said.happened} ${said.next}`} What you write is
          kept until then.
        </span>
      )}
    </Bar>
  )
}

/** It is oneself who has other keys than the others know. */
const newHere = ({ conversation }: ConversationView): string =>
  conversation.kind === 'group'
    ? 'You began again with new keys. An admin of the group lets you in with them.'
    : 'You began again with new keys. The other one lets you in with them.'

/** The newest thing that somebody should know and has not said to know. */
function Alarm({ id }: { readonly id: ConversationId }) {
  const { data } = useQuery(sealedNoticesQuery(id))
  const nameOf = useNameOf()
  const myId = use(HereContext)?.myId ?? null
  const newest = data && newestAlarming(data.notices, data.seenUpTo, myId)
  if (!newest) return null
  return (
    <Bar role="alert" tone={newest.kind === 'lied' ? 'danger' : 'warn'}>
      <span className="min-w-0 flex-1">
        {newest.kind === 'identity-changed'
          ? `${nameOf(newest.accountId)} began again with new keys. Somebody else could be behind them: compare the safety number.`
          : `The server showed something that cannot be. ${sealedWords[newest.cause].happened}`}
      </span>
      {newest.kind === 'identity-changed' && (
        <LinkButton onClick={() => openPane({ kind: 'person', id: newest.accountId })}>Compare</LinkButton>
      )}
      <LinkButton onClick={() => see(id, newest)}>Got it</LinkButton>
    </Bar>
  )
}

function see(conversationId: ConversationId, { position }: Alarming): void {
  engine.encryption.seeNotices.mutate({ conversationId, upTo: position }).catch(complain)
}

const tones = {
  plain: 'text-dim',
  warn: 'bg-warn-ground text-warn',
  danger: 'bg-danger-ground text-danger',
} as const

interface BarProps {
  readonly role: 'alert' | 'status'
  readonly tone: keyof typeof tones
  readonly children: ReactNode
}

function Bar({ role, tone, children }: BarProps) {
  const Icon = tone === 'plain' ? Hourglass : ShieldAlert
  return (
    <div
      role={role}
      className={`flex min-h-9 items-center gap-2.5 border-b border-line px-4 py-1.5 ${tones[tone]}`}
    >
      <Icon aria-hidden size={16} className="shrink-0" />
      {children}
    </div>
  )
}
