import { Bot } from 'lucide-react'
import { listed } from '../requests/wish-words.ts'

/** In an encrypted conversation: that programs are among those who can read it. */
export function BotsReading({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <p className="flex gap-2 text-small text-pretty text-dim">
      <Bot aria-hidden size={16} className="shrink-0" />
      {botsReadingWords(names)}
    </p>
  )
}

export const botsReadingWords = (names: readonly string[]): string =>
  names.length === 1
    ? `${listed(names)} is a bot: a program reads along here, and whoever runs it can, too.`
    : `${listed(names)} are bots: programs read along here, and whoever runs them can, too.`
