import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react'
import { Tip } from './tip.tsx'

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly tone?: 'primary' | 'plain' | 'quiet' | 'danger'
  readonly size?: 'usual' | 'small'
  readonly busy?: boolean
  readonly ref?: Ref<HTMLButtonElement>
}

const tones = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover disabled:opacity-50',
  plain: 'border border-line bg-raised text-text hover:bg-hover disabled:opacity-50',
  quiet: 'text-soft hover:bg-hover hover:text-text disabled:opacity-50',
  danger: 'border border-line bg-raised text-danger hover:bg-danger-ground disabled:opacity-50',
} as const

/** The main thing to do, which cannot be done yet: with its colour taken away rather than thinned. */
const notYet = 'border border-line bg-hover text-dim'

const sizes = { usual: 'h-8 px-3', small: 'h-7 px-2.5' } as const

/** A button with words on it. While it is `busy` it takes no second press. */
export function Button({
  tone = 'plain',
  size = 'usual',
  busy = false,
  className = '',
  children,
  ...rest
}: ButtonProps) {
  const isNotYet = tone === 'primary' && rest.disabled === true && !busy
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
      className={`inline-flex shrink-0 items-center justify-center gap-2 rounded-medium font-medium whitespace-nowrap transition-colors duration-100 ${sizes[size]} ${isNotYet ? notYet : tones[tone]} ${className}`}
    >
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> {
  /** What it does: its name for those who hear the screen, and the tip for those who see it. */
  readonly label: string
  readonly keys?: string
  readonly icon: ReactNode
  readonly ref?: Ref<HTMLButtonElement>
}

/** A button with a picture on it. */
export function IconButton({ label, keys, icon, className = '', ...rest }: IconButtonProps) {
  return (
    <Tip label={label} keys={keys}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={`inline-flex size-7 shrink-0 items-center justify-center rounded-medium text-dim transition-colors duration-100 hover:bg-hover hover:text-text disabled:opacity-50 aria-pressed:bg-hover aria-pressed:text-text data-[state=open]:bg-hover ${className}`}
      >
        {icon}
      </button>
    </Tip>
  )
}
