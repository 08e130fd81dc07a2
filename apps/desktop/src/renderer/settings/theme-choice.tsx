import { Monitor, Moon, Sun } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useId } from 'react'
import type { DeviceSettings } from '../live/device-settings.ts'

type Theme = DeviceSettings['theme']

const themes = [
  { value: 'system', label: 'Like the system', icon: <Monitor aria-hidden size={16} /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden size={16} /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden size={16} /> },
] as const

interface ThemeChoiceProps {
  readonly value: Theme
  readonly onChange: (theme: Theme) => void
}

export function ThemeChoice({ value, onChange }: ThemeChoiceProps) {
  const id = useId()
  const choose = (chosen: string) => {
    const theme = themes.find((each) => each.value === chosen)
    if (theme) onChange(theme.value)
  }
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-2.5">
      <span id={id}>Theme</span>
      <RadioGroup.Root
        value={value}
        onValueChange={choose}
        orientation="horizontal"
        aria-labelledby={id}
        className="flex gap-0.5 rounded-medium border border-line bg-side p-0.5"
      >
        {themes.map((theme) => (
          <RadioGroup.Item
            key={theme.value}
            value={theme.value}
            className="flex h-7 items-center gap-2 rounded-small border border-transparent px-2.5 text-soft hover:text-text data-[state=checked]:border-line data-[state=checked]:bg-raised data-[state=checked]:font-medium data-[state=checked]:text-text"
          >
            {theme.icon}
            {theme.label}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
    </div>
  )
}
