import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { ConversationKey } from '../actions.ts'
import { operationOf } from '../outbox/acting.ts'
import { isLocal } from '../outbox/order.ts'
import type { Presence } from '../presence.ts'
import { heldConversation } from '../store/conversations.ts'
import { levelOf, usualLevels } from '../store/levels.ts'
import { heldSetting } from '../store/settings.ts'
import type { Store } from '../store/store.ts'
import type { SearchQuery, TimelineQuery } from '../views.ts'
import { badge } from './badge.ts'
import { conversationByKey, conversationList } from './conversations.ts'
import { draftOf } from './drafts.ts'
import { searchReach } from './everywhere.ts'
import { meView, membersView, peopleList, personById, requestsView } from './people.ts'
import { search } from './search.ts'
import { storage } from './storage.ts'
import { timeline } from './timeline.ts'

/** What the engine answers from its store alone, at once. */
export class Queries {
  readonly #store: Store
  readonly #presence: Presence

  constructor(store: Store, presence: Presence) {
    this.#store = store
    this.#presence = presence
  }

  me() {
    return meView(this.#store)
  }

  conversations() {
    return conversationList(this.#store)
  }

  conversation(id: ConversationKey) {
    return conversationByKey(this.#store, id)
  }

  timeline(query: TimelineQuery) {
    return timeline(this.#store, query)
  }

  members(id: ConversationKey) {
    return membersView(this.#store, this.#presence, id)
  }

  people() {
    return peopleList(this.#store, this.#presence)
  }

  person(id: AccountId) {
    return personById(this.#store, this.#presence, id)
  }

  requests() {
    return requestsView(this.#store)
  }

  typing(id: ConversationKey) {
    return isLocal(id) ? [] : this.#presence.typing(id)
  }

  outbox() {
    return this.#store.operations.all.map((queued) => operationOf(this.#store, queued))
  }

  draft(id: ConversationKey) {
    return draftOf(this.#store, id)
  }

  search(query: SearchQuery) {
    return search(this.#store, query)
  }

  badge() {
    return badge(this.#store)
  }

  storage() {
    return storage(this.#store)
  }

  usualLevels() {
    return usualLevels(this.#store.connection)
  }

  notificationLevel(id: ConversationId) {
    const held = heldConversation(this.#store.connection, id)
    return held && levelOf(this.#store.connection, held.conversation).level
  }

  searchReach() {
    return searchReach(this.#store)
  }

  getSetting(name: string) {
    return heldSetting(this.#store.connection, name)
  }
}
