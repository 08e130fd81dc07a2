/** A notice of the system about one conversation; a later one takes the place of the one before. */
export interface ShownNotice {
  /** This device's name for the account. */
  readonly account: string
  readonly conversationId: string
  /** What is opened when it is pressed; null for the conversation as a whole. */
  readonly messageId: number | null
  readonly title: string
  readonly body: string
}

export interface Attention {
  readonly focused: boolean
  readonly visible: boolean
}

/** Where the system tells a person that something came. */
export interface NoticesPort {
  show(notice: ShownNotice): void
  /** Of one conversation, or all of an account. */
  withdraw(which: { readonly account: string; readonly conversationId?: string }): void
  /** How much is unread, for the icon of the app. */
  badge(unread: number): void
  /** Asks for a look, until there is one. */
  askAttention(): void
  /** Whether the window is looked at, now and after each change. */
  watchAttention(told: (attention: Attention) => void): Disposable
}
