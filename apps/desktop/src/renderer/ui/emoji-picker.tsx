import { Popover } from 'radix-ui'
import { type ReactNode, type RefObject, lazy, Suspense, useState } from 'react'

const EmojiPanel = lazy(async () => ({ default: (await import('./emoji-panel.tsx')).EmojiPanel }))

interface EmojiPickerProps {
  readonly onPick: (emoji: string) => void
  readonly onOpenChange?: (open: boolean) => void
  readonly align?: 'start' | 'end'
  /** Where focus goes when it closes, instead of back to its button. */
  readonly returnTo?: RefObject<HTMLElement | null>
  /** The button that opens it. */
  readonly children: ReactNode
}

/** Lets somebody choose an emoji, by looking or by name. It closes by itself. */
export function EmojiPicker({ onPick, onOpenChange, align = 'end', returnTo, children }: EmojiPickerProps) {
  const [open, setOpen] = useState(false)
  const change = (next: boolean) => {
    setOpen(next)
    onOpenChange?.(next)
  }
  return (
    <Popover.Root open={open} onOpenChange={change}>
      <Popover.Trigger asChild>{children}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align={align}
          sideOffset={6}
          collisionPadding={8}
          aria-label="Emoji"
          onCloseAutoFocus={(event) => {
            if (!returnTo?.current) return
            event.preventDefault()
            returnTo.current.focus()
          }}
          className="z-50 h-90 w-80 animate-appear rounded-large border border-line bg-raised shadow-raised outline-none"
        >
          <Suspense>
            <EmojiPanel
              onPick={(emoji) => {
                change(false)
                onPick(emoji)
              }}
            />
          </Suspense>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
