import { Command } from 'cmdk'
import { ChevronDown, X } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type KeyboardEvent, useRef, useState } from 'react'
import { folded, ranked } from '../palette/rank.ts'

export interface ChipOption {
  readonly value: string
  readonly label: string
  readonly also?: string
}

interface FilterChipProps {
  /** What it narrows down, such as `From`. */
  readonly label: string
  /** Said while nothing is chosen. */
  readonly all: string
  readonly options: readonly ChipOption[]
  readonly value: string | null
  readonly onChange: (value: string | null) => void
  /** Something was chosen, and the list is closed. */
  readonly onDone: () => void
}

const optionsShownMax = 50
/** Fewer are found sooner by the eye. */
const typedFromOptions = 8

/** A filter as a small button: what is chosen, and how to take it back. */
export function FilterChip({ label, all, options, value, onChange, onDone }: FilterChipProps) {
  const [open, setOpen] = useState(false)
  const chosen = options.find((option) => option.value === value)
  const picked = useRef(false)
  const choose = (option: string | null) => {
    picked.current = true
    setOpen(false)
    onChange(option)
  }
  const tone = chosen
    ? 'border-accent bg-selected text-text'
    : 'border-line text-soft hover:bg-hover hover:text-text data-[state=open]:bg-hover'
  return (
    <span className="inline-flex max-w-56 shrink-0">
      <Popover.Root open={open} onOpenChange={setOpen}>
        <Popover.Trigger asChild>
          <button
            type="button"
            aria-label={`${label}: ${chosen?.label ?? all}`}
            className={`inline-flex h-7 min-w-0 items-center gap-1.5 border px-2 text-small ${chosen ? 'rounded-l-medium' : 'rounded-medium'} ${tone}`}
          >
            <span className="truncate">{chosen ? `${label} ${chosen.label}` : all}</span>
            {!chosen && <ChevronDown aria-hidden size={12} className="shrink-0 text-dim" />}
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={4}
            collisionPadding={8}
            onCloseAutoFocus={(event) => {
              if (!picked.current) return
              picked.current = false
              event.preventDefault()
              onDone()
            }}
            // The list around it hears keys by way of the page's tree, and they are not for it.
            onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
            className="z-50 flex max-h-72 w-60 animate-appear flex-col overflow-hidden rounded-medium border border-line bg-raised shadow-raised outline-none"
          >
            <Options label={label} all={all} options={options} onChoose={choose} />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {chosen && (
        <button
          type="button"
          aria-label={`Without ${label} ${chosen.label}`}
          onClick={() => {
            onChange(null)
            onDone()
          }}
          className={`inline-flex h-7 w-6 items-center justify-center rounded-r-medium border border-l-0 hover:bg-hover ${tone}`}
        >
          <X aria-hidden size={12} />
        </button>
      )}
    </span>
  )
}

interface OptionsProps extends Pick<FilterChipProps, 'label' | 'all' | 'options'> {
  readonly onChoose: (value: string | null) => void
}

function Options({ label, all, options, onChoose }: OptionsProps) {
  const [typed, setTyped] = useState('')
  const found = ranked(
    options.map((option) => ({ ...option, title: option.label, weight: 0 })),
    typed,
    optionsShownMax,
  )
  const row = 'flex h-7 items-center rounded-small px-2 data-[selected=true]:bg-selected'
  return (
    <Command label={label} shouldFilter={false} loop vimBindings={false} className="flex min-h-0 flex-col">
      <Command.Input
        autoFocus
        value={typed}
        onValueChange={setTyped}
        placeholder={`${label} …`}
        className={
          options.length < typedFromOptions
            ? 'sr-only'
            : 'h-8 shrink-0 border-b border-line bg-transparent px-3 outline-none select-text placeholder:text-dim'
        }
      />
      <Command.List label={label} className="min-h-0 overflow-y-auto p-1">
        {folded(typed) === '' && (
          <Command.Item value="all" onSelect={() => onChoose(null)} className={`${row} text-soft`}>
            {all}
          </Command.Item>
        )}
        {found.map(({ value, label: name }) => (
          <Command.Item key={value} value={value} onSelect={() => onChoose(value)} className={row}>
            <span className="truncate">{name}</span>
          </Command.Item>
        ))}
        {found.length === 0 && <p className="px-2 py-1.5 text-dim">Nobody and nothing is called that.</p>}
      </Command.List>
    </Command>
  )
}
