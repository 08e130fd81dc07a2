import { Refusal } from '@parley/domain/refusal'
import type { DraftAttachment } from '@parley/sync/views'

type Piece = { readonly bytes: Uint8Array; readonly taken: () => void } | 'end'

/**
 * A file that a page hands over piece by piece, and the engine reads at its own pace: a piece is acknowledged when the one
 * before it is in the store, so that no more than two are ever in memory.
 */
export class IncomingFile {
  readonly #added: Promise<DraftAttachment>
  #waiting: Piece | null = null
  #wake: () => void = () => {}
  #ended: Error | null = null

  /** @param add takes the pieces into the store */
  constructor(add: (pieces: AsyncIterable<Uint8Array>) => Promise<DraftAttachment>) {
    this.#added = add(this.#pieces())
    this.#added.catch((cause: unknown) =>
      this.#end(cause instanceof Error ? cause : new Error('The file was not taken', { cause })),
    )
  }

  /** Resolves when the next piece is wanted. @throws what the store refused the file for. */
  async put(bytes: Uint8Array): Promise<void> {
    this.#throwIfEnded()
    await new Promise<void>((resolve) => this.#hand({ bytes, taken: resolve }))
    this.#throwIfEnded()
  }

  /** That was the last one. */
  async finish(): Promise<DraftAttachment> {
    this.#throwIfEnded()
    this.#hand('end')
    return this.#added
  }

  cancel(): void {
    this.#end(new Refusal('not-found', 'The file was taken back.'))
  }

  #hand(piece: Piece): void {
    if (this.#waiting) throw new Refusal('invalid-input', 'One piece after the other.')
    this.#waiting = piece
    this.#wake()
  }

  #end(error: Error): void {
    this.#ended ??= error
    if (this.#waiting && this.#waiting !== 'end') this.#waiting.taken()
    this.#waiting = null
    this.#wake()
  }

  #throwIfEnded(): void {
    if (this.#ended) throw this.#ended
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    for (;;) {
      this.#throwIfEnded()
      const piece = this.#waiting
      this.#waiting = null
      if (piece === 'end') return
      if (piece) {
        piece.taken()
        yield piece.bytes
      } else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
