import { useQuery } from '@tanstack/react-query'
import type { AccountId } from '@parley/domain/ids'
import { LockKeyhole } from 'lucide-react'
import { useWhyNotSealed } from '../encryption/why-not-sealed.ts'
import { act } from '../live/act.ts'
import { encryptionQuery } from '../live/queries.ts'
import { talkTo } from '../people/talk.ts'
import { notice } from '../state/notices.ts'
import { go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { LinkButton } from '../ui/link-button.tsx'
import { acceptedWords } from './wish-words.ts'

interface InvitationAnswerProps {
  readonly fromId: AccountId
  readonly who: string
}

/** Yes, yes and encrypted, or no. */
export function InvitationAnswer({ fromId, who }: InvitationAnswerProps) {
  const isOnline = useOnline()
  const whyNot = useWhyNotSealed()
  const accept = async (sealed: boolean) => {
    const operation = await act({ kind: 'accept-invitation', fromId, ...(sealed && { sealed }) })
    if (!operation) return
    notice({
      tone: 'plain',
      text: acceptedWords(who, { sealed, isOnline }),
      // Should the answer be refused, what is written by then goes into no plain conversation.
      action: { label: 'Open', run: () => void talkTo(fromId, { sealed }) },
    })
  }
  return (
    <>
      <Button aria-label={`Decline ${who}`} onClick={() => void act({ kind: 'decline-invitation', fromId })}>
        Decline
      </Button>
      {whyNot === null && (
        <Button aria-label={`Accept ${who}, encrypted`} onClick={() => void accept(true)}>
          <LockKeyhole aria-hidden size={16} />
          Accept encrypted
        </Button>
      )}
      <Button tone="primary" aria-label={`Accept ${who}`} onClick={() => void accept(false)}>
        Accept
      </Button>
    </>
  )
}

/** What the choice is about, or why there is none. */
export function AboutAcceptingSealed() {
  const whyNot = useWhyNotSealed()
  const { data: standing } = useQuery(encryptionQuery)
  if (whyNot === null)
    return 'In an encrypted conversation only your devices and theirs can read what is said. It stays so for good.'
  return (
    <>
      {whyNot}{' '}
      {standing?.kind === 'not-linked' && !standing.waiting && (
        <LinkButton onClick={() => go({ kind: 'settings', section: 'encryption' })}>Link it</LinkButton>
      )}
    </>
  )
}
