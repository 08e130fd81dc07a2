import { Link2, Users } from 'lucide-react'
import { type OperatorSection, replacePlace } from '../state/place.ts'
import { Sections } from '../ui/sections.tsx'
import { Accounts } from './accounts.tsx'
import { InviteLinks } from './invite-links.tsx'

const sections = [
  { name: 'accounts', label: 'Accounts', icon: <Users size={16} /> },
  { name: 'invite-links', label: 'Invite links', icon: <Link2 size={16} /> },
] as const

export function Operator({ section }: { readonly section: OperatorSection }) {
  return (
    <Sections
      label="Server"
      sections={sections}
      open={section}
      onOpen={(name) => replacePlace({ kind: 'operator', section: name })}
    >
      {section === 'accounts' ? <Accounts /> : <InviteLinks />}
    </Sections>
  )
}
