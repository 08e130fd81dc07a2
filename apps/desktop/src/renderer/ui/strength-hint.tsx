import { strengthOf } from './strength.ts'

const steps = {
  short: { words: 'Too short yet', bars: 1, tone: 'bg-line-strong' },
  weak: { words: 'Easy to guess', bars: 2, tone: 'bg-danger' },
  fair: { words: 'Fair; one more word makes it good', bars: 3, tone: 'bg-warn' },
  good: { words: 'Good', bars: 4, tone: 'bg-good' },
} as const

/** How good a secret is, while it is typed. */
export function StrengthHint({ secret }: { readonly secret: string }) {
  if (secret === '') return 'Four or five words that do not belong together are best.'
  const { words, bars, tone } = steps[strengthOf(secret)]
  return (
    <span className="flex items-center gap-2">
      <span aria-hidden className="flex gap-0.5">
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} className={`h-1 w-6 rounded-full ${bar <= bars ? tone : 'bg-line'}`} />
        ))}
      </span>
      {words}
    </span>
  )
}
