import { useId } from 'react'

// The forms of the app's icon (`build/icons`), in the colours of the theme.
const near =
  'M382 302A230 230 0 0 1 612 532A230 230 0 0 1 382 762H212A60 60 0 0 1 152 702V532A230 230 0 0 1 382 302Z'
const far =
  'M642 262H812A60 60 0 0 1 872 322V492A230 230 0 0 1 642 722A230 230 0 0 1 412 492A230 230 0 0 1 642 262Z'

/** Parley's mark: two who speak towards each other, and what they share where they meet. */
export function Mark({ size }: { readonly size: number }) {
  const id = useId()
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 1024 1024">
      <clipPath id={id}>
        <path d={near} />
      </clipPath>
      <rect width={1024} height={1024} rx={232} className="fill-accent" />
      <path d={far} className="fill-on-accent opacity-55" />
      <path d={near} className="fill-on-accent" />
      <path d={far} clipPath={`url(#${id})`} className="fill-accent opacity-80" />
    </svg>
  )
}
