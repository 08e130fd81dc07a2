import type { MembersPage } from '@parley/domain/conversations'
import type { ConversationId, MessageId } from '@parley/domain/ids'
import type { FillAnchor } from '../engine.ts'
import { historyPageItems } from '../limits.ts'
import type { PageWish, ServerPort } from '../ports.ts'
import { changeConversation, heldConversation } from '../store/conversations.ts'
import { dropMembers, putMember, putPerson } from '../store/people.ts'
import type { Store } from '../store/store.ts'
import type { PersonWithPresence } from '@parley/domain/accounts'
import { apply } from './apply.ts'
import type { Merging } from './merging.ts'
import type { Questions } from './meanwhile.ts'
import { recountMentions, takeMessage, takeEnd } from './take.ts'

export interface LoadingSurroundings {
  readonly store: Store
  readonly server: ServerPort
  readonly questions: Questions
  readonly merging: Merging
  readonly onPeople: (people: readonly PersonWithPresence[]) => void
}

/**
 * Brings parts of what the server has into the store. What the stream brought while the answer was under way is newer
 * than the answer, and is taken again after it; where that was too much to keep, the answer is asked for again.
 */
export class Loading {
  readonly #surroundings: LoadingSurroundings

  constructor(surroundings: LoadingSurroundings) {
    this.#surroundings = surroundings
  }

  async page(id: ConversationId, at: FillAnchor): Promise<void> {
    const { store, server, questions, merging } = this.#surroundings
    for (;;) {
      using meanwhile = questions.ask()
      const { messages } = await server.page(wishOf(id, at))
      const newer = meanwhile.entries
      if (newer === null) continue
      store.write((touch) => {
        // It may have been left, or never have been joined.
        if (!heldConversation(store.connection, id)) return
        for (const message of messages) takeMessage(store, touch, message)
        if (at.kind === 'newest') {
          takeEnd(store, touch, messages)
          changeConversation(store.connection, id, () => ({ filled: 1 }))
        }
        for (const entry of newer) apply(store, touch, entry)
        recountMentions(store, id)
        merging.added()
        touch(`conversation:${id}`)
      })
      return
    }
  }

  async atTime(id: ConversationId, at: number): Promise<MessageId | null> {
    const messageId = await this.#surroundings.server.messageAtTime(id, at)
    if (messageId !== null) await this.page(id, { kind: 'around', messageId })
    return messageId
  }

  async members(id: ConversationId): Promise<void> {
    const { store, server, questions, onPeople } = this.#surroundings
    for (;;) {
      using meanwhile = questions.ask()
      const members: MembersPage['members'] = []
      for (let after: Parameters<ServerPort['members']>[1] | undefined = null; after !== undefined;) {
        const page: Awaited<ReturnType<ServerPort['members']>> = await server.members(id, after)
        members.push(...page.members)
        after = page.next ?? undefined
      }
      const newer = meanwhile.entries
      if (newer === null) continue
      store.write((touch) => {
        if (!heldConversation(store.connection, id)) return
        dropMembers(store.connection, id)
        for (const { person, ...member } of members) {
          putMember(store.connection, id, member)
          const { online: _, lastSeenAt, ...plain } = person
          putPerson(store.connection, plain, lastSeenAt)
        }
        changeConversation(store.connection, id, () => ({ membersHeld: 1 }))
        for (const entry of newer) apply(store, touch, entry)
        touch(`members:${id}`)
        touch('people')
      })
      onPeople(members.map(({ person }) => person))
      return
    }
  }

  /** Everybody who has an account. */
  async people(): Promise<void> {
    const { store, server, questions, onPeople } = this.#surroundings
    for (let after: string | null = null; ;) {
      using meanwhile = questions.ask()
      const page: Awaited<ReturnType<ServerPort['people']>> = await server.people(after)
      const newer = meanwhile.entries
      if (newer === null) continue
      store.write((touch) => {
        for (const { online: _, lastSeenAt, ...person } of page.people)
          putPerson(store.connection, person, lastSeenAt)
        for (const entry of newer) if (entry.kind === 'person') apply(store, touch, entry)
        if (page.next === null && store.standing) store.putStanding({ ...store.standing, peopleHeld: true })
        touch('people')
        touch('conversations')
      })
      onPeople(page.people)
      if (page.next === null) return
      after = page.next
    }
  }
}

function wishOf(conversationId: ConversationId, at: FillAnchor): PageWish {
  const wish = { conversationId, limit: historyPageItems }
  return at.kind === 'newest' ? wish : { ...wish, [at.kind]: at.messageId }
}
