import { MessageSquarePlus, Search, SquarePen, UsersRound } from 'lucide-react'
import { openOverlay } from '../state/overlay.ts'
import { go } from '../state/place.ts'
import { IconButton } from '../ui/button.tsx'
import { Menu } from '../ui/menu.tsx'

/** Begins something new. */
export function NewMenu() {
  return (
    <Menu
      items={[
        {
          label: 'Message somebody',
          icon: <MessageSquarePlus size={16} />,
          keys: 'Mod+N',
          run: () => go({ kind: 'people' }),
        },
        {
          label: 'New group',
          icon: <UsersRound size={16} />,
          keys: 'Mod+Shift+N',
          run: () => openOverlay({ kind: 'make-group' }),
        },
        { label: 'Find groups', icon: <Search size={16} />, run: () => go({ kind: 'groups' }) },
      ]}
    >
      <IconButton label="New" icon={<SquarePen size={16} />} />
    </Menu>
  )
}
