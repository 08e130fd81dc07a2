import { Check, Paperclip, SendHorizontal, Smile } from 'lucide-react'
import type { RefObject } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { EmojiPicker } from '../../ui/emoji-picker.tsx'
import { fieldOf, insertAt } from './text-field.ts'

interface ToolsProps {
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly isEditing: boolean
  readonly canSend: boolean
  readonly onPick: () => void
  readonly onSend: () => void
}

/** Beside the field: what can be put into it, and sending it. */
export function Tools({ field, isEditing, canSend, onPick, onSend }: ToolsProps) {
  const insert = (emoji: string) => {
    if (!field.current) return
    const { start, end } = fieldOf(field.current)
    insertAt(field.current, start, end, emoji)
  }
  return (
    <div className="flex h-8 items-center gap-0.5">
      {!isEditing && <IconButton label="Attach files" icon={<Paperclip size={16} />} onClick={onPick} />}
      <EmojiPicker onPick={insert} returnTo={field}>
        <IconButton label="Emoji" icon={<Smile size={16} />} />
      </EmojiPicker>
      <IconButton
        label={isEditing ? 'Save' : 'Send'}
        keys="Enter"
        disabled={!canSend}
        icon={isEditing ? <Check size={16} /> : <SendHorizontal size={16} />}
        onClick={onSend}
        className={canSend ? 'bg-accent text-on-accent! hover:bg-accent-hover!' : ''}
      />
    </div>
  )
}
