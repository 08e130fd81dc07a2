import { useCallback, useState } from 'react'
import { ChooseServer } from './choose-server.tsx'
import { Door } from './door.tsx'
import { inviteLink } from './join-link.ts'
import { useOpenedInvitations } from './use-look.ts'
import type { Visit } from './visit.ts'

interface WayInProps {
  readonly title: string
  /** The account that is open already: it is not offered. */
  readonly except?: string | undefined
}

/** From no server at all to being signed in on one. */
export function WayIn({ title, except }: WayInProps) {
  const [visit, setVisit] = useState<Visit | null>(null)
  const [link, setLink] = useState<string | null>(null)
  useOpenedInvitations(
    useCallback(({ server, secret }) => {
      setVisit(null)
      setLink(inviteLink(server, secret))
    }, []),
  )
  if (!visit) return <ChooseServer key={link} title={title} except={except} link={link} onFound={setVisit} />
  const goBack = () => {
    setVisit(null)
    setLink(null)
  }
  return <Door visit={visit} onBack={goBack} />
}
