interface CodeGroupsProps {
  readonly label: string
  /** Groups with dashes or spaces between them. */
  readonly code: string
  readonly look: keyof typeof looks
}

/** In lines of four or seven groups. */
const looks = {
  large: 'grid-cols-4 text-page',
  long: 'grid-cols-7 text-head',
  compared: 'grid-cols-4 text-body',
} as const

/** A code to be read and typed, in its groups. */
export function CodeGroups({ label, code, look }: CodeGroupsProps) {
  return (
    <div
      role="group"
      aria-label={label}
      className={`grid justify-items-center gap-x-3 gap-y-2 font-mono tabular-nums select-text ${looks[look]}`}
    >
      {code.split(/[\s-]+/).map((group, at) => (
        // The groups have no names of their own, and stay in their places.
        <span key={at}>{group}</span>
      ))}
    </div>
  )
}
