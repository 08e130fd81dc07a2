import { type Notice, noticeTag } from '../desk/notices.ts'

/** Shown at once; past it the oldest is withdrawn, as nobody reads a hundred. */
export const noticesShownMax = 50

/** The members of Electron's `Notification` that are used. */
export interface SystemNotification {
  on(event: 'click' | 'close', listener: () => void): unknown
  show(): void
  close(): void
}

interface NotificationsOptions {
  /** @returns null where the system shows none */
  readonly make: (content: NotificationContent) => SystemNotification | null
  readonly hidesContent: () => boolean
  readonly onOpen: (notice: Notice) => void
}

export interface NotificationContent {
  readonly title: string
  readonly body: string
  readonly silent: boolean
}

/** The system's notifications: one for each conversation, which opens its newest message. */
export class Notifications {
  readonly #options: NotificationsOptions
  readonly #shown = new Map<string, SystemNotification>()

  constructor(options: NotificationsOptions) {
    this.#options = options
  }

  show(notice: Notice): void {
    const tag = noticeTag(notice)
    this.#close(tag)
    const { title, body, silent } = notice
    const hidden = { title: 'Parley', body: 'New message' }
    const content = this.#options.hidesContent() ? hidden : { title, body }
    const notification = this.#options.make({ ...content, silent })
    if (!notification) return
    this.#shown.set(tag, notification)
    notification.on('click', () => {
      this.#close(tag)
      this.#options.onOpen(notice)
    })
    notification.on('close', () => {
      if (this.#shown.get(tag) === notification) this.#shown.delete(tag)
    })
    notification.show()
    const [oldest] = this.#shown.keys()
    if (oldest !== undefined && this.#shown.size > noticesShownMax) this.#close(oldest)
  }

  withdraw(which: { readonly account: string; readonly conversationId?: string | undefined }): void {
    const { account, conversationId } = which
    if (conversationId !== undefined) return this.#close(noticeTag({ account, conversationId }))
    for (const tag of [...this.#shown.keys()]) if (tag.startsWith(`${account}/`)) this.#close(tag)
  }

  /** Also lets go of it: a notification that nobody holds is collected, and its click with it. */
  #close(tag: string): void {
    const notification = this.#shown.get(tag)
    this.#shown.delete(tag)
    notification?.close()
  }
}
