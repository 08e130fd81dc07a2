import { Copy, Link, Pencil, Reply, SmilePlus, Trash2 } from 'lucide-react'
import type { TimelineMessage } from '../../live/queries.ts'
import type { MenuItem, MenuItems } from '../../ui/menu.tsx'
import type { Here } from '../here.ts'
import { copyLink, copyText, edit, mayDelete, mayEdit, mayLink, mayReact, mayReply, reply } from './doing.ts'
import { askForReaction } from './reacting.ts'

/** Everything that one can do with a message, for the menus. */
export function messageMenu(message: TimelineMessage, here: Here): MenuItems {
  const writing = those(
    mayReact(message, here) && {
      label: 'React …',
      keys: '+',
      icon: <SmilePlus size={16} />,
      run: () => askForReaction(message.key),
    },
    mayReply(message, here) && {
      label: 'Reply',
      keys: 'R',
      icon: <Reply size={16} />,
      run: () => reply(message, here),
    },
    mayEdit(message, here) && {
      label: 'Edit',
      keys: 'E',
      icon: <Pencil size={16} />,
      run: () => edit(message, here),
    },
  )
  const taking = takingItems(message, here)
  const deleting = those(
    mayDelete(message, here) && {
      label: 'Delete …',
      keys: 'Delete',
      icon: <Trash2 size={16} />,
      tone: 'danger',
      run: () => here.askToDelete(message),
    },
  )
  return [writing, taking, deleting]
    .filter((group) => group.length > 0)
    .flatMap((group, at): MenuItems => (at === 0 ? group : [null, ...group]))
}

export const takingItems = (message: TimelineMessage, here: Here): readonly MenuItem[] =>
  those(
    message.content.kind === 'plain' && {
      label: 'Copy text',
      icon: <Copy size={16} />,
      run: () => void copyText(message),
    },
    mayLink(message) && {
      label: 'Copy link',
      icon: <Link size={16} />,
      run: () => void copyLink(message, here),
    },
  )

const those = (...items: readonly (MenuItem | false)[]): readonly MenuItem[] =>
  items.filter((item) => item !== false)
