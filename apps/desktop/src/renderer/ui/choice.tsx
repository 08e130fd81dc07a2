import { RadioGroup, Switch as RadixSwitch } from 'radix-ui'
import { type ReactNode, useId } from 'react'

interface SwitchProps {
  readonly label: string
  readonly hint?: ReactNode
  readonly checked: boolean
  readonly disabled?: boolean
  readonly onChange: (checked: boolean) => void
}

/** Something that is on or off, with its name beside it. It takes effect at once. */
export function Switch({ label, hint, checked, disabled = false, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex items-start justify-between gap-6 py-2">
      <div className="flex flex-col">
        <label htmlFor={id}>{label}</label>
        {hint !== undefined && (
          <span id={`${id}-hint`} className="text-small text-dim">
            {hint}
          </span>
        )}
      </div>
      <RadixSwitch.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChange}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        className={`mt-0.5 ${track}`}
      >
        <RadixSwitch.Thumb className={thumb} />
      </RadixSwitch.Root>
    </div>
  )
}

const track =
  'relative h-[18px] w-8 shrink-0 rounded-full bg-line-strong transition-colors duration-100 disabled:opacity-50 data-[state=checked]:bg-accent'
const thumb =
  'block size-3.5 translate-x-0.5 rounded-full bg-ground transition-transform duration-100 data-[state=checked]:translate-x-4'

/** The same within a line, where there is no room for more than its name. */
export function SmallSwitch({ label, checked, onChange }: Omit<SwitchProps, 'hint' | 'disabled'>) {
  const id = useId()
  return (
    <span className="flex shrink-0 items-center gap-2">
      <label htmlFor={id}>{label}</label>
      <RadixSwitch.Root id={id} checked={checked} onCheckedChange={onChange} className={track}>
        <RadixSwitch.Thumb className={thumb} />
      </RadixSwitch.Root>
    </span>
  )
}

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly {
    readonly value: Value
    readonly label: string
    readonly hint?: string
  }[]
  readonly onChange: (value: Value) => void
}

/** One of a few, all of them to be seen. */
export function Choice<Value extends string>({ label, value, options, onChange }: ChoiceProps<Value>) {
  const id = useId()
  const choose = (chosen: string) => {
    const option = options.find((each) => each.value === chosen)
    if (option) onChange(option.value)
  }
  return (
    <div className="flex flex-col gap-1">
      <span id={id} className="text-small font-medium text-soft">
        {label}
      </span>
      <RadioGroup.Root
        value={value}
        onValueChange={choose}
        aria-labelledby={id}
        className="flex flex-col gap-0.5"
      >
        {options.map((option) => (
          <label
            key={option.value}
            className="flex items-start gap-2.5 rounded-medium px-2 py-1.5 hover:bg-hover has-[[data-state=checked]]:bg-hover"
          >
            <RadioGroup.Item
              value={option.value}
              aria-label={option.label}
              className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-line-strong data-[state=checked]:border-accent"
            >
              <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
            </RadioGroup.Item>
            <span className="flex flex-col">
              <span>{option.label}</span>
              {option.hint !== undefined && <span className="text-small text-dim">{option.hint}</span>}
            </span>
          </label>
        ))}
      </RadioGroup.Root>
    </div>
  )
}
