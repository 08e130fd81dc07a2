import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { useEffect } from 'react'
import { stateQuery } from '../live/queries.ts'
import { closeOverlay } from '../state/overlay.ts'
import { IconButton } from '../ui/button.tsx'
import { useFocusBefore } from '../ui/focus-before.ts'
import { WayIn } from './way-in.tsx'

/** The way in once more, over the window of who is in already: with another account, or on another server. */
export function AddAccount({ besides }: { readonly besides: string }) {
  const { data: state } = useQuery(stateQuery)
  const { ref, onCloseAutoFocus } = useFocusBefore()
  const isDone = state?.kind === 'signed-in' && state.account.key !== besides
  useEffect(() => {
    if (isDone) closeOverlay()
  }, [isDone])
  if (isDone) return null
  return (
    <Dialog.Root open onOpenChange={(open) => !open && closeOverlay()}>
      <Dialog.Portal>
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-0 z-40 bg-side outline-none"
          ref={ref}
          onCloseAutoFocus={onCloseAutoFocus}
        >
          <Dialog.Title className="sr-only">Add an account</Dialog.Title>
          <WayIn title="Add an account" except={besides} />
          <Dialog.Close asChild>
            <IconButton
              label="Back to where you were"
              icon={<X size={16} />}
              className="absolute top-3 right-3"
            />
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
