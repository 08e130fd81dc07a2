import type { Engine } from '@parley/sync/engine'
import type { NotifyEvent } from '@parley/sync/views'
import type { HostTopic, OpenAccount } from './host.ts'
import { messageNotice, missedNotice } from './notice-text.ts'
import type { Attention, NoticesPort } from './notices-port.ts'

/** While much comes, the number on the icon changes so often at most. */
export const badgeEveryMs = 250

/** What of the host it goes by. */
export interface Notified {
  readonly open: OpenAccount
  readonly isOpen: boolean
  /** The conversation that the window shows. */
  readonly lookedAt: string | null
  onChange(listener: (topics: ReadonlySet<HostTopic>) => void): Disposable
}

/** Tells the system what the open account's engine wants a person to know, unless the person is looking at it. */
export class Notifying implements Disposable {
  readonly #host: Notified
  readonly #port: NoticesPort
  readonly #watching: Disposable
  readonly #changes: Disposable
  /** The newest message that a notice was shown of, by conversation; null for a notice of a conversation as a whole. */
  readonly #shown = new Map<string, number | null>()
  #attention: Attention = { focused: false, visible: false }
  #followed: { readonly account: string; readonly engine: Engine; readonly telling: Disposable } | null = null
  #badge = 0
  #badgeTimer: NodeJS.Timeout | null = null

  constructor(host: Notified, port: NoticesPort) {
    this.#host = host
    this.#port = port
    this.#watching = port.watchAttention((attention) => {
      this.#attention = attention
    })
    this.#changes = host.onChange((topics) => {
      if (topics.has('app')) this.follow()
      else if (topics.has('badge')) this.#badgeSoon()
    })
  }

  /** Goes on with the account that is open now. */
  follow(): void {
    const open = this.#host.isOpen ? this.#host.open : null
    if (this.#followed?.engine === open?.engine) return
    this.#leave()
    if (open) {
      const telling = open.engine.onNotify((event) => this.#tell(event))
      this.#followed = { account: open.account.key, engine: open.engine, telling }
    }
    this.#tellBadge()
  }

  [Symbol.dispose](): void {
    this.#leave()
    if (this.#badgeTimer) clearTimeout(this.#badgeTimer)
    this.#watching[Symbol.dispose]()
    this.#changes[Symbol.dispose]()
  }

  /** An account that is not open tells nothing, and what was told of it could not be taken back. */
  #leave(): void {
    if (!this.#followed) return
    this.#followed.telling[Symbol.dispose]()
    if (this.#shown.size > 0) this.#port.withdraw({ account: this.#followed.account })
    this.#shown.clear()
    this.#followed = null
  }

  #tell(event: NotifyEvent): void {
    const account = this.#followed?.account
    if (account === undefined) return
    switch (event.kind) {
      case 'message': {
        const { conversationId, messageId, reason } = event
        if (this.#isLookingAt(conversationId)) return
        this.#shown.set(conversationId, messageId)
        this.#port.show({ account, conversationId, messageId, ...messageNotice(event) })
        if (reason !== 'message' && !this.#attention.focused) this.#port.askAttention()
        return
      }
      case 'missed': {
        const [conversationId] = event.conversationIds
        if (conversationId === undefined) return
        this.#shown.set(conversationId, null)
        this.#port.show({ account, conversationId, messageId: null, ...missedNotice(event) })
        return
      }
      case 'withdrawn': {
        const { conversationId, messageIds } = event
        const shown = this.#shown.get(conversationId)
        if (shown === undefined || shown === null || !messageIds.some((id) => id === shown)) return
        this.#shown.delete(conversationId)
        this.#port.withdraw({ account, conversationId })
      }
    }
  }

  #isLookingAt(conversationId: string): boolean {
    const { focused, visible } = this.#attention
    return focused && visible && this.#host.lookedAt === conversationId
  }

  #badgeSoon(): void {
    this.#badgeTimer ??= setTimeout(() => {
      this.#badgeTimer = null
      this.#tellBadge()
    }, badgeEveryMs)
  }

  #tellBadge(): void {
    const engine = this.#host.isOpen ? this.#host.open.engine : null
    // One that is being closed answers nothing any more.
    const unread = engine !== null && engine === this.#followed?.engine ? engine.badge().unread : 0
    if (unread === this.#badge) return
    this.#badge = unread
    this.#port.badge(unread)
  }
}
