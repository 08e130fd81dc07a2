import type { CSSProperties } from 'react'
import { Lru } from '../conversation/content/lru.ts'

interface AvatarProps {
  /** What the hue is made of, so that it stays the same whatever somebody is called. */
  readonly seed: string
  readonly name: string
  readonly size?: 20 | 24 | 32 | 36 | 56
  readonly shape?: 'person' | 'group'
  readonly online?: boolean | undefined
}

const letters = {
  20: 'text-[9px]',
  24: 'text-[10px]',
  32: 'text-small',
  36: 'text-small',
  56: 'text-page',
} as const

/** Initials on a hue of one's own. The name stands beside it, so it is silent to screen readers. */
export function Avatar({ seed, name, size = 32, shape = 'person', online }: AvatarProps) {
  const hue = hueOf(seed)
  const chroma = hue === null ? '0' : 'var(--avatar-chroma)'
  const style: CSSProperties = {
    width: size,
    height: size,
    background: `oklch(var(--avatar-lightness) ${chroma} ${String(hue ?? 0)})`,
    color: `oklch(var(--avatar-ink) calc(${chroma} * 1.4) ${String(hue ?? 0)})`,
  }
  return (
    <span aria-hidden className="relative inline-flex shrink-0">
      <span
        style={style}
        className={`inline-flex items-center justify-center font-semibold ${letters[size]} ${shape === 'person' ? 'rounded-full' : 'rounded-medium'}`}
      >
        {initialsOf(name)}
      </span>
      {online === true && (
        <span className="absolute -right-0.5 -bottom-0.5 size-2.5 rounded-full border-2 border-side bg-good" />
      )}
    </span>
  )
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Cutting a name into what people take for letters takes longer than drawing it. */
const known = new Lru<string, string>(500)

function initialsOf(name: string): string {
  const initials = known.get(name) ?? cutOut(name)
  known.put(name, initials)
  return initials
}

function cutOut(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
  const first = words[0] ?? '?'
  const last = words.length > 1 ? (words.at(-1) ?? '') : ''
  return [first, last]
    .map((word) => graphemes.segment(word).containing(0)?.segment ?? '')
    .join('')
    .toLocaleUpperCase()
}

/**
 * FNV-1a with a finish of murmur3's, as ids that are nearly the same should not look it.
 * @returns degrees; null of what waits for its name on the server, as a hue of its own would change then
 */
export function hueOf(seed: string): number | null {
  if (seed.startsWith('local-')) return null
  let hash = 0x811c9dc5
  for (const char of seed) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % 360
}
