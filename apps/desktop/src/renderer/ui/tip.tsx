import { cloneElement, type HTMLAttributes, type ReactElement } from 'react'

type Said = HTMLAttributes<HTMLElement> & { readonly 'data-tip'?: string; readonly 'data-tip-keys'?: string }

interface TipProps {
  readonly label: string
  readonly keys?: string | undefined
  /** An element of the page: it is told what to say, and `Tips` says it. */
  readonly children: ReactElement<Said>
}

/** Says what something is, after a moment's rest on it. Its child has to have that name itself, for screen readers. */
export function Tip({ label, keys, children }: TipProps) {
  return cloneElement(children, {
    'data-tip': label,
    ...(keys !== undefined && { 'data-tip-keys': keys }),
  })
}
