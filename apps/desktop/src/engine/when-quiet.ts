import type { Port } from '../ports/port.ts'

/** Nobody asks for anything for so long: what can wait is done then. */
export const quietMs = 200

/** What takes long enough to be felt, and can wait until nothing is asked over a port. */
export class WhenQuiet {
  #work: (() => void) | null = null
  #timer: NodeJS.Timeout | undefined

  /** Does it once, when it is quiet. */
  do(work: () => void): void {
    this.#work = work
    this.#wait()
  }

  /** The port, of which is noticed when something is asked over it. */
  over(port: Port): Port {
    return {
      ...port,
      listen: (heard) =>
        port.listen({
          ...heard,
          message: (message) => {
            this.#wait()
            heard.message(message)
          },
        }),
    }
  }

  #wait(): void {
    const work = this.#work
    if (!work) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#work = null
      work()
    }, quietMs)
  }
}
