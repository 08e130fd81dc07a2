import {
  Apple,
  Car,
  Flag,
  Hash,
  Lightbulb,
  type LucideIcon,
  PartyPopper,
  Search,
  Smile,
  Squirrel,
  UserRound,
} from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { create } from 'zustand'
import { type Emoji, useEmoji } from './emoji.ts'

const categories: readonly (readonly [string, LucideIcon])[] = [
  ['Smileys & Emotion', Smile],
  ['People & Body', UserRound],
  ['Animals & Nature', Squirrel],
  ['Food & Drink', Apple],
  ['Travel & Places', Car],
  ['Activities', PartyPopper],
  ['Objects', Lightbulb],
  ['Symbols', Hash],
  ['Flags', Flag],
]
const inARow = 8
const foundMax = 10 * inARow
const latelyMax = 2 * inARow

/** Those that were chosen last stand first; before any was, the ones that most people use. */
const useLately = create<{ readonly emoji: readonly string[] }>(() => ({
  emoji: ['👍', '❤️', '😂', '🎉', '🙏', '😮', '😢', '👀', '✅', '🔥', '🚀', '💯', '👏', '🤔', '😅', '👋'],
}))

/** The inside of the picker: search, categories and a grid that arrow keys go through. */
export function EmojiPanel({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const all = useEmoji(true)
  const lately = useLately((state) => state.emoji)
  const [words, setWords] = useState('')
  const [category, setCategory] = useState('Smileys & Emotion')
  const grid = useRef<HTMLDivElement>(null)
  const shown = useMemo(() => {
    const begun = words.trim().toLowerCase()
    if (begun !== '') return found(all ?? [], begun)
    return (all ?? []).filter((each) => each.category === category)
  }, [all, words, category])
  const known = useMemo(() => new Map(all?.map((each) => [each.emoji, each])), [all])
  const pick = (emoji: string) => {
    useLately.setState((now) => ({
      emoji: [emoji, ...now.emoji.filter((each) => each !== emoji)].slice(0, latelyMax),
    }))
    onPick(emoji)
  }
  const isSearching = words.trim() !== ''
  const [first] = shown
  // Who knows the name types it and presses Enter before all are loaded: what was meant is taken once they are.
  const [entered, setEntered] = useState(false)
  useEffect(() => {
    if (!entered || all === null) return
    setEntered(false)
    if (first) pick(first.emoji)
  })
  return (
    <div className="flex h-full flex-col">
      <label className="flex items-center gap-2 border-b border-line px-3 text-dim">
        <Search aria-hidden size={16} />
        <input
          autoFocus
          type="search"
          aria-label="Search emoji"
          placeholder="Search emoji"
          value={words}
          spellCheck={false}
          onChange={(event) => {
            setEntered(false)
            setWords(event.target.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && isSearching) setEntered(true)
            else if (event.key === 'ArrowDown') grid.current?.querySelector('button')?.focus()
            else return
            event.preventDefault()
          }}
          className="h-10 min-w-0 flex-1 bg-transparent text-text outline-none select-text placeholder:text-dim"
        />
      </label>
      <div ref={grid} onKeyDown={moveInGrid} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        {!isSearching && (
          <Emojis title="Lately" emoji={lately.map((each) => known.get(each) ?? bare(each))} onPick={pick} />
        )}
        <Emojis title={isSearching ? 'Found' : category} emoji={shown} onPick={pick} />
        {isSearching && all !== null && shown.length === 0 && (
          <p className="p-4 text-center text-dim">No emoji is called that.</p>
        )}
      </div>
      <div
        role="toolbar"
        aria-label="Kinds of emoji"
        className="flex justify-between border-t border-line px-2 py-1"
      >
        {categories.map(([name, Icon]) => (
          <button
            key={name}
            type="button"
            title={name}
            aria-label={name}
            aria-pressed={!isSearching && name === category}
            onClick={() => {
              setWords('')
              setCategory(name)
              grid.current?.scrollTo({ top: 0 })
            }}
            className="flex size-7 items-center justify-center rounded-medium text-dim hover:bg-hover hover:text-text aria-pressed:bg-selected aria-pressed:text-text"
          >
            <Icon aria-hidden size={16} />
          </button>
        ))}
      </div>
    </div>
  )
}

interface EmojisProps {
  readonly title: string
  readonly emoji: readonly Emoji[]
  readonly onPick: (emoji: string) => void
}

function Emojis({ title, emoji, onPick }: EmojisProps) {
  if (emoji.length === 0) return null
  return (
    <section aria-label={title}>
      <h3 className="px-1 pt-2 pb-1 text-small font-medium text-dim">{title}</h3>
      <div className="grid grid-cols-8">
        {emoji.map(({ emoji: sign, names, about }) => (
          <button
            key={sign}
            type="button"
            aria-label={about}
            title={names[0] === undefined ? about : `:${names[0]}:`}
            onClick={() => onPick(sign)}
            className="flex h-9 items-center justify-center rounded-medium text-page hover:bg-hover"
          >
            {sign}
          </button>
        ))}
      </div>
    </section>
  )
}

const bare = (emoji: string): Emoji => ({ emoji, names: [], tags: [], about: emoji, category: '' })

/** Those that are called so go before those whose name begins so, and those before all others that have to do with it. */
function found(all: readonly Emoji[], begun: string): readonly Emoji[] {
  const score = ({ names, tags, about }: Emoji): number => {
    if (names.includes(begun)) return 4
    if (names.some((name) => name.startsWith(begun))) return 3
    if (tags.some((tag) => tag.startsWith(begun))) return 2
    return about.includes(begun) || names.some((name) => name.includes(begun)) ? 1 : 0
  }
  return all
    .map((emoji) => ({ emoji, score: score(emoji) }))
    .filter((each) => each.score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, foundMax)
    .map((each) => each.emoji)
}

const steps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: inARow,
  ArrowUp: -inARow,
}

function moveInGrid(event: KeyboardEvent<HTMLDivElement>): void {
  const step = steps[event.key]
  if (step === undefined) return
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const now = buttons.findIndex((button) => button === document.activeElement)
  event.preventDefault()
  if (now + step < 0) event.currentTarget.parentElement?.querySelector('input')?.focus()
  else buttons[Math.min(now + step, buttons.length - 1)]?.focus()
}
