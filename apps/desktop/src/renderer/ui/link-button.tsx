import type { ButtonHTMLAttributes } from 'react'

/** Something to do that stands within a line of text. */
export function LinkButton({ className = '', ...rest }: ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button
      type="button"
      {...rest}
      className={`rounded-small font-medium text-link underline-offset-2 hover:underline ${className}`}
    />
  )
}
