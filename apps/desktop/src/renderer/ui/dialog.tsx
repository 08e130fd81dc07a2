import { X } from 'lucide-react'
import { AlertDialog, Dialog as RadixDialog } from 'radix-ui'
import { type FormEvent, type ReactNode, type Ref, useRef, useState } from 'react'
import { Button, IconButton } from './button.tsx'
import { useFocusOnProblem } from './form.tsx'
import { useFocusBefore } from './focus-before.ts'

const veil = 'fixed inset-0 z-40 bg-[oklch(0.15_0.01_230/0.4)]'
const sheet =
  'fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-48px)] -translate-x-1/2 animate-appear flex-col rounded-large border border-line bg-raised shadow-raised outline-none'

interface DialogProps {
  readonly title: string
  /** Said under the title. */
  readonly about?: string
  readonly onClose: () => void
  readonly children: ReactNode
  readonly width?: 'narrow' | 'wide'
}

/** Something to be done before one goes on. Escape leaves it, and focus goes back to where it was. */
export function Dialog({ title, about, onClose, children, width = 'narrow' }: DialogProps) {
  const focusBefore = useFocusBefore()
  return (
    <RadixDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={veil} />
        <RadixDialog.Content
          className={`${sheet} ${width === 'wide' ? 'max-w-2xl' : 'max-w-md'}`}
          // Without a field that takes the focus, the dialog has it as a whole, rather than the way out of it.
          onOpenAutoFocus={(event) => {
            if (!(event.currentTarget instanceof HTMLElement)) return
            event.preventDefault()
            event.currentTarget.focus()
          }}
          {...focusBefore}
          {...(about === undefined && { 'aria-describedby': undefined })}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <div>
              <RadixDialog.Title className="text-head font-semibold">{title}</RadixDialog.Title>
              {about !== undefined && (
                <RadixDialog.Description className="text-dim">{about}</RadixDialog.Description>
              )}
            </div>
            <RadixDialog.Close asChild>
              <IconButton label="Close" keys="Esc" icon={<X size={16} />} />
            </RadixDialog.Close>
          </header>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  )
}

interface FormDialogProps extends DialogProps {
  readonly done: string
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly onDone: () => void
}

/** A dialog that is filled in and sent off, by Enter too. */
export function FormDialog({
  done,
  busy = false,
  disabled = false,
  onDone,
  children,
  ...dialog
}: FormDialogProps) {
  const form = useRef<HTMLFormElement>(null)
  useFocusOnProblem(form)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!disabled && !busy) onDone()
  }
  return (
    <Dialog {...dialog}>
      <form ref={form} noValidate onSubmit={submit} className="flex min-h-0 flex-col">
        <div className="flex min-h-0 flex-col gap-4 overflow-y-auto px-5 py-2">{children}</div>
        <footer className="flex justify-end gap-2 px-5 pt-3 pb-4">
          <Button onClick={dialog.onClose}>Cancel</Button>
          <Button type="submit" tone="primary" busy={busy} disabled={disabled}>
            {done}
          </Button>
        </footer>
      </form>
    </Dialog>
  )
}

interface ConfirmProps {
  readonly title: string
  readonly about: string
  readonly done: string
  readonly onDone: () => void
  /** What opens it: a button or menu item. */
  readonly children: ReactNode
}

/** Asks once more before something that cannot be taken back. */
export function Confirm({ children, ...sheetProps }: ConfirmProps) {
  const [open, setOpen] = useState(false)
  return (
    <AlertDialog.Root open={open} onOpenChange={setOpen}>
      <AlertDialog.Trigger asChild>{children}</AlertDialog.Trigger>
      <ConfirmSheet {...sheetProps} />
    </AlertDialog.Root>
  )
}

/** The same, opened by whoever shows it, as where a menu closes over its own item. */
export function ConfirmNow({
  onClose,
  ...sheetProps
}: Omit<ConfirmProps, 'children'> & { readonly onClose: () => void }) {
  const focusBefore = useFocusBefore()
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <ConfirmSheet {...sheetProps} {...focusBefore} />
    </AlertDialog.Root>
  )
}

interface ConfirmSheetProps extends Omit<ConfirmProps, 'children'> {
  readonly ref?: Ref<HTMLDivElement>
  readonly onCloseAutoFocus?: (event: Event) => void
}

function ConfirmSheet({ title, about, done, onDone, ...focus }: ConfirmSheetProps) {
  return (
    <AlertDialog.Portal>
      <AlertDialog.Overlay className={veil} />
      <AlertDialog.Content className={`${sheet} max-w-sm gap-4 p-5`} {...focus}>
        <div className="flex flex-col gap-1">
          <AlertDialog.Title className="text-head font-semibold">{title}</AlertDialog.Title>
          <AlertDialog.Description className="text-soft">{about}</AlertDialog.Description>
        </div>
        <div className="flex justify-end gap-2">
          <AlertDialog.Cancel asChild>
            <Button>Cancel</Button>
          </AlertDialog.Cancel>
          <AlertDialog.Action asChild>
            <Button tone="danger" onClick={onDone}>
              {done}
            </Button>
          </AlertDialog.Action>
        </div>
      </AlertDialog.Content>
    </AlertDialog.Portal>
  )
}
