import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'

interface SheetProps {
  /** Its name for screen readers; to be seen it needs none. */
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** What lies over the upper part of the window to be typed in, and goes with Escape or a press beside it. */
export function Sheet({ title, onClose, children }: SheetProps) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-[oklch(0.15_0.01_230/0.4)]" />
        <Dialog.Content
          aria-describedby={undefined}
          // Focus goes back to where it was, unless what was chosen has taken it.
          onCloseAutoFocus={(event) => {
            if (document.activeElement !== document.body) event.preventDefault()
          }}
          className="fixed top-[10vh] left-1/2 z-40 flex max-h-[min(560px,80vh)] w-[calc(100vw-32px)] max-w-[640px] -translate-x-1/2 animate-appear flex-col overflow-hidden rounded-large border border-line bg-raised shadow-raised outline-none"
        >
          <Dialog.Title className="sr-only">{title}</Dialog.Title>
          {children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
