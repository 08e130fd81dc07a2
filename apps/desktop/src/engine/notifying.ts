import type { Engine } from '@parley/sync/engine'
import type { NotifyEvent } from '@parley/sync/views'
import type { DeviceAccount } from './accounts/registry.ts'
import type { HostTopic, OpenAccount } from './host.ts'
import { messageNotice, missedNotice, on } from './notice-text.ts'
import type { Attention, NoticesPort } from './notices-port.ts'

/** While much comes, the number on the icon changes so often at most. */
export const badgeEveryMs = 250

/** What of the host it goes by. */
export interface Notified {
  /** The account that is shown. */
  readonly open: OpenAccount
  readonly isOpen: boolean
  readonly allOpen: readonly OpenAccount[]
  /** The conversation that the window shows. */
  readonly lookedAt: string | null
  onChange(listener: (topics: ReadonlySet<HostTopic>) => void): Disposable
}

/** An account of which a person is told. */
interface Followed {
  readonly account: DeviceAccount
  readonly engine: Engine
  readonly telling: Disposable
  /** The newest message that a notice was shown of, by conversation; null for a notice of a conversation as a whole. */
  readonly shown: Map<string, number | null>
}

/** Tells the system what the engines of all accounts want a person to know, unless the person is looking at it. */
export class Notifying implements Disposable {
  readonly #host: Notified
  readonly #port: NoticesPort
  readonly #watching: Disposable
  readonly #changes: Disposable
  readonly #followed = new Map<Engine, Followed>()
  #attention: Attention = { focused: false, visible: false }
  #badge = 0
  #badgeTimer: NodeJS.Timeout | null = null

  constructor(host: Notified, port: NoticesPort) {
    this.#host = host
    this.#port = port
    this.#watching = port.watchAttention((attention) => {
      this.#attention = attention
    })
    this.#changes = host.onChange((topics) => {
      if (topics.has('app')) return this.follow()
      if (topics.has('accounts')) this.#followOpen()
      if (topics.has('badge') || topics.has('accounts')) this.#badgeSoon()
    })
  }

  /** Goes on with the accounts that are open now. */
  follow(): void {
    this.#followOpen()
    this.#tellBadge()
  }

  #followOpen(): void {
    const open = this.#host.allOpen
    for (const followed of [...this.#followed.values()])
      if (!open.some(({ engine }) => engine === followed.engine)) this.#leave(followed)
    for (const { account, engine } of open) {
      if (this.#followed.has(engine)) continue
      const shown = new Map<string, number | null>()
      const telling = engine.onNotify((event) => this.#tell({ account, shown }, event))
      this.#followed.set(engine, { account, engine, telling, shown })
    }
  }

  [Symbol.dispose](): void {
    for (const followed of [...this.#followed.values()]) this.#leave(followed)
    if (this.#badgeTimer) clearTimeout(this.#badgeTimer)
    this.#watching[Symbol.dispose]()
    this.#changes[Symbol.dispose]()
  }

  /** An account that is not open tells nothing, and what was told of it could not be taken back. */
  #leave({ account, engine, telling, shown }: Followed): void {
    telling[Symbol.dispose]()
    if (shown.size > 0) this.#port.withdraw({ account: account.key })
    this.#followed.delete(engine)
  }

  #tell({ account: whose, shown }: Pick<Followed, 'account' | 'shown'>, event: NotifyEvent): void {
    const account = whose.key
    // Of several it is said whose it is.
    const where = this.#followed.size > 1 ? whose.serverName : null
    switch (event.kind) {
      case 'message': {
        const { conversationId, messageId, reason } = event
        if (this.#isLookingAt(account, conversationId)) return
        shown.set(conversationId, messageId)
        this.#port.show({ account, conversationId, messageId, ...on(where, messageNotice(event)) })
        if (reason !== 'message' && !this.#attention.focused) this.#port.askAttention()
        return
      }
      case 'missed': {
        const [conversationId] = event.conversationIds
        if (conversationId === undefined) return
        shown.set(conversationId, null)
        this.#port.show({ account, conversationId, messageId: null, ...on(where, missedNotice(event)) })
        return
      }
      case 'withdrawn': {
        const { conversationId, messageIds } = event
        const newest = shown.get(conversationId)
        if (newest === undefined || newest === null || !messageIds.some((id) => id === newest)) return
        shown.delete(conversationId)
        this.#port.withdraw({ account, conversationId })
      }
    }
  }

  #isLookingAt(account: string, conversationId: string): boolean {
    const { focused, visible } = this.#attention
    const { isOpen, lookedAt } = this.#host
    const isShown = isOpen && this.#host.open.account.key === account
    return focused && visible && isShown && lookedAt === conversationId
  }

  #badgeSoon(): void {
    this.#badgeTimer ??= setTimeout(() => {
      this.#badgeTimer = null
      this.#tellBadge()
    }, badgeEveryMs)
  }

  #tellBadge(): void {
    // One that is being closed answers nothing any more.
    const unread = this.#host.allOpen.reduce((sum, { engine }) => sum + engine.badge().unread, 0)
    if (unread === this.#badge) return
    this.#badge = unread
    this.#port.badge(unread)
  }
}
