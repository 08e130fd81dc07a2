import type { ConversationKey, ConversationView, Me, Person } from '../live/queries.ts'
import { titleOf } from '../sidebar/title-of.ts'
import type { PaletteCommand } from './palette-commands.tsx'
import type { Findable } from './rank.ts'

interface Known extends Findable {
  readonly key: string
}

export type PaletteItem =
  | (Known & { readonly kind: 'conversation'; readonly view: ConversationView })
  | (Known & { readonly kind: 'person'; readonly person: Person })
  | (Known & { readonly kind: 'command'; readonly command: PaletteCommand })

interface Sources {
  readonly conversations: readonly ConversationView[]
  readonly people: readonly Person[]
  readonly me: Me | null
  readonly commands: readonly PaletteCommand[]
  /** Conversations as they were open last, the last one first. */
  readonly visited: readonly ConversationKey[]
}

/** Everything that the palette knows, each once: somebody one talks with already is found by that conversation. */
export function paletteItems(sources: Sources): readonly PaletteItem[] {
  const { conversations, people, me, commands, visited } = sources
  const talkedWith = new Set(conversations.map(({ otherId }) => otherId))
  return [
    ...conversations.map((view, index): PaletteItem => ({
      kind: 'conversation',
      key: view.id,
      title: titleOf(view),
      also: view.other?.username ?? view.conversation.description,
      weight: weightOf(view, visited.indexOf(view.id), index),
      view,
    })),
    ...people
      .filter(({ id, disabled }) => !talkedWith.has(id) && !disabled && id !== me?.id)
      .map((person): PaletteItem => ({
        kind: 'person',
        key: person.id,
        title: person.displayName,
        also: `${person.username} ${person.name} ${person.lastName}`,
        weight: 0.2,
        person,
      })),
    ...commands.map((command): PaletteItem => ({
      kind: 'command',
      key: `command:${command.title}`,
      title: command.title,
      also: command.also ?? '',
      weight: 0.1,
      command,
    })),
  ]
}

/** Mentions, then what is unread, then what was open lately, then where something was said lately. */
function weightOf({ mentions, unread }: ConversationView, visitedAt: number, index: number): number {
  if (mentions > 0) return 1
  if (unread > 0) return 0.9
  if (visitedAt !== -1) return Math.max(0.5, 0.85 - visitedAt * 0.02)
  return Math.max(0.3, 0.5 - index * 0.002)
}

/**
 * What is offered before anything is typed: mentions and unread, and what was open lately; then a few commands.
 * The conversation that is open is left out, as one is there.
 */
export function offered(
  items: readonly PaletteItem[],
  open: ConversationKey | null,
  max: { readonly conversations: number; readonly commands: number },
): readonly PaletteItem[] {
  const conversations = items
    .filter((item) => item.kind === 'conversation' && item.key !== open)
    .toSorted((one, other) => other.weight - one.weight)
  const commands = items.filter(({ kind }) => kind === 'command')
  return [...conversations.slice(0, max.conversations), ...commands.slice(0, max.commands)]
}
