import { Popover } from 'radix-ui'
import {
  type ButtonHTMLAttributes,
  cloneElement,
  type FormEvent,
  type ReactElement,
  type RefAttributes,
  use,
  useRef,
  useState,
} from 'react'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/field.tsx'
import { HereContext } from '../here.ts'
import { startOfDay } from './times.ts'

interface DateJumpProps {
  /** The day that it begins with, in milliseconds since 1970. */
  readonly at?: number
  readonly align: 'center' | 'end'
  /** The button that opens it. */
  readonly children: ReactElement<ButtonHTMLAttributes<HTMLButtonElement> & RefAttributes<HTMLButtonElement>>
}

/** Goes to the first message of a day. There is nothing but the button until it is pressed: every day has one. */
export function DateJump({ at, align, children }: DateJumpProps) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      {cloneElement(children, {
        ref: button,
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        onClick: () => setOpen((before) => !before),
      })}
      {open && (
        <Popover.Root open onOpenChange={setOpen}>
          <Popover.Anchor virtualRef={button} />
          <Popover.Portal>
            <Popover.Content
              align={align}
              sideOffset={4}
              collisionPadding={8}
              aria-label="Jump to a date"
              onInteractOutside={(event) => {
                // The button closes it itself.
                if (event.target instanceof Node && button.current?.contains(event.target))
                  event.preventDefault()
              }}
              onCloseAutoFocus={(event) => {
                event.preventDefault()
                button.current?.focus()
              }}
              className="z-50 w-60 animate-appear rounded-large border border-line bg-raised p-3 shadow-raised outline-none"
            >
              <Days at={at ?? Date.now()} onDone={() => setOpen(false)} />
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
      )}
    </>
  )
}

const dayMs = 24 * 60 * 60_000

function Days({ at, onDone }: { readonly at: number; readonly onDone: () => void }) {
  const here = use(HereContext)
  const [day, setDay] = useState(() => dayValue(at))
  const jump = (to: number) => {
    here?.jumpToDate(to)
    onDone()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
    const to = new Date(year, month - 1, date).getTime()
    if (Number.isFinite(to)) jump(Math.max(0, to))
  }
  const today = startOfDay(new Date())
  const choices = [
    { label: 'Last week', to: today - 7 * dayMs },
    { label: 'Last month', to: today - 30 * dayMs },
    { label: 'The very beginning', to: 0 },
  ]
  return (
    <div className="flex flex-col gap-3">
      <form onSubmit={submit} className="flex items-end gap-2">
        <div className="flex-1">
          <TextField
            label="Jump to a date"
            type="date"
            required
            max={dayValue(Date.now())}
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
        </div>
        <Button type="submit" tone="primary">
          Go
        </Button>
      </form>
      <div className="flex flex-col">
        {choices.map(({ label, to }) => (
          <button
            key={label}
            type="button"
            onClick={() => jump(to)}
            className="h-7 rounded-small px-2 text-left hover:bg-hover"
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  )
}

/** As a date field has it. */
function dayValue(at: number): string {
  const date = new Date(at)
  const two = (number: number) => String(number).padStart(2, '0')
  return `${String(date.getFullYear())}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}
