import type { Link } from './link.ts'

/** What menus ask of the screens. */
export type MenuCommand =
  | 'settings'
  | 'about'
  | 'new-conversation'
  | 'new-group'
  | 'find'
  | 'find-in-conversation'
  | 'go-to'
  | 'shortcuts'
  | 'back'
  | 'forward'
  | 'next-conversation'
  | 'previous-conversation'
  | 'next-unread'
  | 'previous-unread'
  | 'toggle-details'

/** What comes from outside of the page: a menu, a notification that was pressed, a link. */
export type Command = { readonly kind: 'menu'; readonly name: MenuCommand } | OpenNotification | Link

interface OpenNotification {
  readonly kind: 'open-notification'
  /** The engine's name for the account on this device. */
  readonly account: string
  readonly conversationId: string
  readonly messageId: number | null
}

export const commandsWaitingMax = 16

/** Hands commands to the page; those that come before it listens wait for it. */
export class Commands {
  #waiting: Command[] = []
  #wake: (() => void) | null = null

  send(command: Command): void {
    // The oldest is given up: nobody misses what was asked for sixteen commands ago.
    this.#waiting = [...this.#waiting, command].slice(-commandsWaitingMax)
    this.#wake?.()
  }

  /** Each command once. A later listener takes over from the one before, as a page that was loaded anew does. */
  async *listen(signal: AbortSignal | undefined): AsyncGenerator<Command, void> {
    let awake = true
    const wake = Promise.withResolvers<void>()
    let woken = wake
    const mine = () => {
      awake = true
      woken.resolve()
    }
    this.#wake?.()
    this.#wake = mine
    signal?.addEventListener('abort', mine, { once: true })
    try {
      while (!signal?.aborted && this.#wake === mine) {
        const next = this.#waiting.shift()
        if (next) {
          yield next
        } else if (awake) {
          awake = false
          woken = Promise.withResolvers()
        } else {
          await woken.promise
        }
      }
    } finally {
      signal?.removeEventListener('abort', mine)
      if (this.#wake === mine) this.#wake = null
    }
  }
}
