import type { Entry, EntryKind, StreamEvent } from '@parley/domain/stream'
import type { Api } from '@parley/testkit/people'

type EntryOf<Kind extends EntryKind> = Extract<Entry, { kind: Kind }>

/** A stream that somebody follows with the stock client, and everything that it brought. */
export class Following implements Disposable {
  readonly events: StreamEvent[] = []
  /** Of the newest event. */
  cursor: number
  /** How the subscription ended, by the server's doing. */
  ended: 'completed' | 'failed' | null = null
  readonly #waiting = new Set<() => void>()
  readonly #subscription: { unsubscribe(): void }

  constructor(api: Api, from: { cursor: number; logId?: string | undefined }) {
    this.cursor = from.cursor
    this.#subscription = api.stream.follow.subscribe(from, {
      onData: ({ id, data }) => {
        this.events.push(data)
        this.cursor = Number(id)
        this.#wake()
      },
      onComplete: () => this.#end('completed'),
      onError: () => this.#end('failed'),
    })
  }

  get entries(): Entry[] {
    return this.events.flatMap((event) => (event.kind === 'entries' ? event.entries : []))
  }

  get positions(): number[] {
    return this.entries.map(({ position }) => position)
  }

  /** The texts of the messages that came, in their order. */
  get texts(): string[] {
    return this.of('message').map(({ message }) =>
      message.content.kind === 'plain' ? message.content.text : message.content.kind,
    )
  }

  of<Kind extends EntryKind>(kind: Kind): EntryOf<Kind>[] {
    const isOf = (entry: Entry): entry is EntryOf<Kind> => entry.kind === kind
    return this.entries.filter(isOf)
  }

  /** Resolves as soon as it holds; looks again at whatever comes. */
  async until(holds: (following: this) => boolean): Promise<void> {
    while (!holds(this)) await new Promise<void>((resolve) => this.#waiting.add(resolve))
  }

  /** Resolves when everything up to this position has come, or was not for this reader. */
  reach(position: number): Promise<void> {
    return this.until(({ cursor }) => cursor >= position)
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe()
  }

  #end(how: 'completed' | 'failed'): void {
    this.ended = how
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
