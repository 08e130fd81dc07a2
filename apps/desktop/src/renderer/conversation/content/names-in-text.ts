import { usernameCharsMax } from '@parley/domain/limits'

/** Whom and what a text may name; whatever is not in here stays text. */
export interface Nameable {
  /** The ids of people by their usernames in lower case. */
  readonly people: ReadonlyMap<string, string>
  /** The ids of groups by the slugs of their names. */
  readonly groups: ReadonlyMap<string, string>
  readonly everyone: boolean
}

export type Named =
  | { readonly kind: 'person'; readonly id: string; readonly length: number }
  | { readonly kind: 'group'; readonly id: string; readonly length: number }
  | { readonly kind: 'everyone'; readonly length: number }

export const everyoneWord = 'everyone'

const username = new RegExp(`@[A-Za-z0-9][A-Za-z0-9._-]{0,${String(usernameCharsMax - 1)}}`, 'y')
const group = /#[\p{L}\p{N}][\p{L}\p{N}_-]{0,79}/uy
const wordBefore = /[\p{L}\p{N}_@#./-]$/u

/** A group's name as it is written behind a `#`: `Design team` is `#design-team`. */
export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')

/** What is named by the `@` or `#` at `at`. The end of a sentence is no part of a name. */
export function nameAt(text: string, at: number, nameable: Nameable): Named | null {
  if (wordBefore.test(text.slice(Math.max(0, at - 2), at))) return null
  return text[at] === '@' ? personAt(text, at, nameable) : groupAt(text, at, nameable)
}

function personAt(text: string, at: number, { people, everyone }: Nameable): Named | null {
  username.lastIndex = at
  let name = username.exec(text)?.[0].slice(1).toLowerCase()
  for (; name; name = name.slice(0, -1)) {
    const id = people.get(name)
    const length = name.length + 1
    if (id !== undefined) return { kind: 'person', id, length }
    if (everyone && name === everyoneWord) return { kind: 'everyone', length }
    if (!/[._-]$/.test(name)) return null
  }
  return null
}

function groupAt(text: string, at: number, { groups }: Nameable): Named | null {
  group.lastIndex = at
  let slug = group.exec(text)?.[0].slice(1).toLowerCase()
  for (; slug; slug = slug.slice(0, -1)) {
    const id = groups.get(slug)
    if (id !== undefined) return { kind: 'group', id, length: slug.length + 1 }
    if (!slug.endsWith('-')) return null
  }
  return null
}

export interface Mentioned {
  /** Each once, in the order in which they are named. */
  readonly mentions: readonly string[]
  readonly everyone: boolean
}

/** Whom a text mentions. What stands in code mentions nobody. */
export function mentionedIn(text: string, nameable: Nameable): Mentioned {
  const mentions = new Set<string>()
  let everyone = false
  const spoken = withoutCode(text)
  for (let at = spoken.indexOf('@'); at !== -1; at = spoken.indexOf('@', at + 1)) {
    const named = nameAt(spoken, at, nameable)
    if (named?.kind === 'person') mentions.add(named.id)
    else if (named?.kind === 'everyone') everyone = true
  }
  return { mentions: [...mentions], everyone }
}

/** Without blocks and spans of code. It takes time in proportion to the text, whatever stands in it. */
const withoutCode = (text: string): string => withoutSpans(withoutBlocks(text))

const fence = /^ {0,3}(`{3,}|~{3,})/

function withoutBlocks(text: string): string {
  if (!text.includes('```') && !text.includes('~~~')) return text
  let open: string | null = null
  const spoken: string[] = []
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1]
    if (open === null && mark !== undefined && !line.slice(line.indexOf(mark) + mark.length).includes('`')) {
      open = mark
    } else if (open === null) spoken.push(line)
    else if (mark?.startsWith(open) && line.trim() === mark) open = null
  }
  return spoken.join('\n')
}

/** A span is what stands between two runs of as many backticks. */
function withoutSpans(text: string): string {
  const runs = [...text.matchAll(/`+/g)]
  const places = Map.groupBy(
    runs.map((_, index) => index),
    (index) => runs[index]?.[0].length ?? 0,
  )
  for (const indexes of places.values()) indexes.reverse()
  const spoken: string[] = []
  let from = 0
  for (let index = 0; index < runs.length; index++) {
    const run = runs[index]
    const same = run && places.get(run[0].length)
    if (!same) continue
    while ((same.at(-1) ?? runs.length) <= index) same.pop()
    const closing = same.at(-1)
    const end = closing === undefined ? undefined : runs[closing]
    if (closing === undefined || !end) continue
    spoken.push(text.slice(from, run.index), ' ')
    from = end.index + end[0].length
    index = closing
  }
  return spoken.join('') + text.slice(from)
}
