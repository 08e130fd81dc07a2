import type { ConversationKey, ConversationView } from '../live/queries.ts'

export const sectionNames = ['unread', 'people', 'groups'] as const
export type SectionName = (typeof sectionNames)[number]

export const sectionTitles: Readonly<Record<SectionName, string>> = {
  unread: 'Unread',
  people: 'People',
  groups: 'Groups',
}

/** What the order needs to know of a conversation. */
export type Sortable = Pick<ConversationView, 'id' | 'unread' | 'mentions'> & {
  readonly muted?: boolean | undefined
  readonly conversation: Pick<ConversationView['conversation'], 'kind'>
}

export interface Section<View extends Sortable> {
  readonly name: SectionName
  readonly conversations: readonly View[]
}

/** Whether a conversation asks to be read: a muted one only where somebody is named in it. */
export const wantsReading = ({ unread, mentions, muted }: Sortable): boolean =>
  mentions > 0 || (unread > 0 && muted !== true)

/** The conversation that is open, and whether it was in Unread as it was opened. */
export interface Stays {
  readonly id: ConversationKey
  readonly unread: boolean
}

/**
 * The conversations in their sections, within each in the order that they came in. The one that is open stays in the
 * section where it was opened, so that nothing moves from under the pointer as it is read and written in. Empty
 * sections are left out.
 */
export function sectionsOf<View extends Sortable>(
  conversations: readonly View[],
  stays: Stays | null,
): readonly Section<View>[] {
  const by = Map.groupBy(conversations, (view): SectionName => {
    const unread = view.id === stays?.id ? stays.unread : wantsReading(view)
    if (unread) return 'unread'
    return view.conversation.kind === 'direct' ? 'people' : 'groups'
  })
  return sectionNames.flatMap((name) => {
    const found = by.get(name)
    return found ? [{ name, conversations: found }] : []
  })
}

/** A line of the list: a section's head, or a conversation in it. Sizes and places are those of its section, folded or not. */
export type Line<View extends Sortable> =
  | {
      readonly kind: 'head'
      readonly name: SectionName
      readonly open: boolean
      readonly count: number
      readonly place: number
      readonly of: number
    }
  | { readonly kind: 'conversation'; readonly view: View; readonly place: number; readonly of: number }

/** Everything that is to be seen, from top to bottom. A folded section shows its head alone. */
export function linesOf<View extends Sortable>(
  sections: readonly Section<View>[],
  folded: ReadonlySet<SectionName>,
): readonly Line<View>[] {
  return sections.flatMap(({ name, conversations }, index): Line<View>[] => {
    const open = !folded.has(name)
    const count = conversations.length
    const head: Line<View> = { kind: 'head', name, open, count, place: index + 1, of: sections.length }
    if (!open) return [head]
    return [
      head,
      ...conversations.map((view, at): Line<View> => ({
        kind: 'conversation',
        view,
        place: at + 1,
        of: count,
      })),
    ]
  })
}

export const keyOf = <View extends Sortable>(line: Line<View>): string =>
  line.kind === 'head' ? line.name : line.view.id

/** All conversations from top to bottom, folded sections too: what Alt+↑/↓ and Ctrl+1–9 count by. */
export const orderOf = <View extends Sortable>(sections: readonly Section<View>[]): readonly View[] =>
  sections.flatMap(({ conversations }) => conversations)

/**
 * The neighbour of a conversation that fits, from top to bottom (1) or back (-1), and round at the ends.
 * @returns null when none but itself fits.
 */
export function neighbourOf<View extends Sortable>(
  order: readonly View[],
  from: ConversationKey | null,
  step: 1 | -1,
  fits: (view: View) => boolean,
): View | null {
  const at = order.findIndex(({ id }) => id === from)
  const start = at === -1 && step === -1 ? order.length : at
  for (let steps = 1; steps <= order.length; steps++) {
    const view = order[(start + step * steps + order.length * 2) % order.length]
    if (view && view.id !== from && fits(view)) return view
  }
  return null
}
