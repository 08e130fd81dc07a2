import { Laptop, LockKeyhole, type LucideIcon, ShieldAlert } from 'lucide-react'
import { type ReactNode, use } from 'react'
import { HereContext } from '../conversation/here.ts'
import { useNameOf } from '../conversation/names.ts'
import { fullText } from '../conversation/timeline/times.ts'
import type { SealedNotice } from '../live/queries.ts'
import { openPane } from '../state/place.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { linesOfNotices } from './notices-between.ts'
import { noticeWords } from './notice-words.ts'

const icons: Readonly<Record<SealedNotice['kind'], LucideIcon>> = {
  sealed: LockKeyhole,
  history: LockKeyhole,
  'device-added': Laptop,
  'device-revoked': Laptop,
  'identity-changed': ShieldAlert,
  lied: ShieldAlert,
}

/** What happened to the keys of a conversation, where it happened: small lines between the messages. */
export function NoticeLines({ notices }: { readonly notices: readonly SealedNotice[] }) {
  const nameOf = useNameOf()
  const myId = use(HereContext)?.myId ?? null
  const who = (id: Parameters<typeof nameOf>[0]) => (id === myId ? 'You' : nameOf(id))
  return linesOfNotices(notices).map((line) =>
    line.kind === 'devices' ? (
      <Line key={line.position} icon={Laptop} at={line.at}>
        {`${String(line.count)} devices were linked or revoked.`}
      </Line>
    ) : (
      <Line
        key={`${String(line.notice.position)} ${line.notice.kind}`}
        icon={icons[line.notice.kind]}
        at={line.notice.at}
        isAlarming={line.notice.kind === 'identity-changed' || line.notice.kind === 'lied'}
      >
        {noticeWords(line.notice, who)} <Way notice={line.notice} myId={myId} />
      </Line>
    ),
  )
}

function Way({ notice, myId }: { readonly notice: SealedNotice; readonly myId: string | null }) {
  if (notice.kind !== 'identity-changed' || notice.accountId === myId) return null
  const { accountId } = notice
  return (
    <LinkButton tabIndex={-1} onClick={() => openPane({ kind: 'person', id: accountId })}>
      Compare the safety number
    </LinkButton>
  )
}

interface LineProps {
  readonly icon: LucideIcon
  readonly at: number
  readonly isAlarming?: boolean
  readonly children: ReactNode
}

function Line({ icon: Icon, at, isAlarming = false, children }: LineProps) {
  return (
    <div
      title={fullText(at)}
      className={`px-10 py-1.5 text-center text-small text-balance ${isAlarming ? 'text-warn' : 'text-dim'}`}
    >
      <Icon aria-hidden size={12} className="mr-1.5 -mt-0.5 inline" />
      {children}
    </div>
  )
}
