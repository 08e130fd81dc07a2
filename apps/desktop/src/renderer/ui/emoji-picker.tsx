import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void
  readonly onOpenChange?: (open: boolean) => void
  readonly align?: 'start' | 'end'
  /** The button that opens it. */
  readonly children: ReactNode
}

const common = ['👍', '❤️', '😂', '🎉', '😮', '😢', '👀', '✅']

/** Lets somebody choose an emoji. It closes by itself, and focus goes back to its button. */
export function EmojiPicker({ onPick, onOpenChange, align = 'end', children }: EmojiPickerProps) {
  return (
    <Popover.Root {...(onOpenChange && { onOpenChange })}>
      <Popover.Trigger asChild>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          aria-label="Emoji"
          className="z-50 flex animate-appear rounded-large border border-line bg-raised p-1 shadow-raised outline-none"
        >
          {common.map((emoji) => (
            <Popover.Close
              key={emoji}
              onClick={() => onPick(emoji)}
              className="size-8 rounded-small hover:bg-hover"
            >
              {emoji}
            </Popover.Close>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
