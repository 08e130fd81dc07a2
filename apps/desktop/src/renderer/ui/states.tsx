import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'

interface EmptyProps {
  readonly icon?: ReactNode
  readonly title: string
  /** 1 where it is all that the window shows. */
  readonly level?: 1 | 2
  readonly children?: ReactNode
}

/** Nothing here, and what to do about it. */
export function Empty({ icon, title, level = 2, children }: EmptyProps) {
  const Title = `h${level}` as const
  return (
    <div className="flex h-full flex-col items-center justify-center gap-1 p-8 text-center">
      {icon !== undefined && <span className="mb-2 text-dim">{icon}</span>}
      <Title className="font-semibold">{title}</Title>
      <div className="flex max-w-80 flex-col items-center gap-4 text-balance text-dim">{children}</div>
    </div>
  )
}

/** What happened, and the way on. */
export function Failed({ text, onRetry }: { readonly text: string; readonly onRetry?: () => void }) {
  return (
    <div role="alert" className="flex flex-col items-center gap-3 p-8 text-center text-soft">
      <TriangleAlert aria-hidden size={20} className="text-danger" />
      <p className="max-w-80">{text}</p>
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </div>
  )
}

/** The shape of what comes: lines of text with something round before them. */
export function Shape({ lines = 6 }: { readonly lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-4 p-4">
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className="flex animate-shimmer gap-3">
          <span className="size-8 shrink-0 rounded-full bg-hover" />
          <span className="flex flex-1 flex-col gap-2 pt-1">
            <span className="h-2.5 w-28 rounded-small bg-hover" />
            <span
              className="h-2.5 rounded-small bg-hover"
              style={{ width: `${String(45 + ((line * 37) % 50))}%` }}
            />
          </span>
        </div>
      ))}
    </div>
  )
}
