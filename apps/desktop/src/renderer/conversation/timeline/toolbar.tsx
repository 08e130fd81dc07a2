import { Ellipsis, Pencil, Reply, SmilePlus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { TimelineMessage } from '../../live/queries.ts'
import { EmojiPicker } from '../../ui/emoji-picker.tsx'
import { IconButton } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { Here } from '../here.ts'
import { edit, mayEdit, mayReact, mayReply, react, reply } from './doing.ts'
import { messageMenu } from './message-menu.tsx'
import { askForReaction, useReacting } from './reacting.ts'

/** Pixels of it above its row. */
const overlapPx = 14

const roomAbove = (row: Element, log: Element): number =>
  row.getBoundingClientRect().top - log.getBoundingClientRect().top

interface ToolbarProps {
  readonly message: TimelineMessage
  readonly here: Here
  /** It stays while something of it is open. */
  readonly onHold: (held: boolean) => void
}

/** What one can do with the message under the pointer. */
export function Toolbar({ message, here, onHold }: ToolbarProps) {
  const picker = useRef<HTMLButtonElement>(null)
  const asked = useReacting(({ key }) => key === message.key)
  useEffect(() => {
    if (!asked) return
    askForReaction(null)
    picker.current?.click()
  }, [asked])
  const items = messageMenu(message, here)
  const [clipped, setClipped] = useState(false)
  // Above the first row to be seen there is no room for it.
  const place = (bar: HTMLDivElement | null) => {
    const log = bar?.closest('[role=log]')
    if (bar?.parentElement && log) setClipped(roomAbove(bar.parentElement, log) < overlapPx)
  }
  if (items.length === 0) return null
  return (
    <div
      ref={place}
      role="group"
      aria-label="What to do with this message"
      className={`absolute right-4 z-10 flex rounded-medium border border-line bg-raised p-px ${clipped ? 'top-0.5' : '-top-3.5'}`}
    >
      {mayReact(message, here) && (
        <EmojiPicker onPick={(emoji) => react(message, here, emoji)} onOpenChange={onHold}>
          <IconButton ref={picker} label="React" keys="+" icon={<SmilePlus size={16} />} />
        </EmojiPicker>
      )}
      {mayReply(message, here) && (
        <IconButton label="Reply" keys="R" icon={<Reply size={16} />} onClick={() => reply(message, here)} />
      )}
      {mayEdit(message, here) && (
        <IconButton label="Edit" keys="E" icon={<Pencil size={16} />} onClick={() => edit(message, here)} />
      )}
      <Menu items={items} onOpenChange={onHold}>
        <IconButton label="More" icon={<Ellipsis size={16} />} />
      </Menu>
    </div>
  )
}
