import type { ReactNode } from 'react'
import { Avatar } from '../ui/avatar.tsx'

interface RequestFrameProps {
  readonly seed: string
  readonly name: string
  readonly shape: 'person' | 'group'
  readonly said: ReactNode
  readonly when: string
  /** It came since one last looked. */
  readonly isNew?: boolean
  readonly children: ReactNode
}

/** One request in a list: whom it is about, what it says, and what one can do. */
export function RequestFrame({ seed, name, shape, said, when, isNew = false, children }: RequestFrameProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 py-2.5">
      <Avatar seed={seed} name={name} shape={shape} />
      <span className="flex min-w-0 flex-1 basis-56 flex-col">
        <span className="break-words">{said}</span>
        <span className="flex items-center gap-1.5 text-small text-dim">
          {isNew && <span className="font-medium text-accent">New</span>}
          {when}
        </span>
      </span>
      <span className="ml-auto flex gap-2">{children}</span>
    </li>
  )
}
