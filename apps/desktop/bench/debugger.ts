import { z } from 'zod'

/** Longer than anything that is waited for takes. */
const answerMsMax = 60_000

const Target = z.object({ type: z.string(), url: z.string(), webSocketDebuggerUrl: z.string() })
const Answer = z.object({
  id: z.int().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})
const Evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
})

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * A page, over the protocol of its debugger and nothing more: libraries that drive browsers hold an app back while it
 * starts, and do much of their own in its page.
 */
export class PageDebugger implements Disposable {
  readonly #socket: WebSocket
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #nextId = 1

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => this.#heard(String(data)))
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The page has gone'))
      this.#waiting.clear()
    })
  }

  /** @param port of the browser's debugger. Waits until there is a page whose address begins with `origin`. */
  static async attach(port: number, origin: string): Promise<PageDebugger> {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/json/list`)
      const pages = z.array(Target).parse(await answer.json())
      const page = pages.find(({ type, url }) => type === 'page' && url.startsWith(origin))
      if (!page) continue
      const socket = new WebSocket(page.webSocketDebuggerUrl)
      await new Promise((resolve, reject) => {
        socket.addEventListener('open', resolve, { once: true })
        socket.addEventListener('error', reject, { once: true })
      })
      const attached = new PageDebugger(socket)
      await attached.#reads(origin)
      return attached
    }
  }

  /** A page has its address before it has read anything of what is there. */
  async #reads(origin: string): Promise<void> {
    const there = { expression: `location.origin === '${origin}' && document.readyState === 'complete'` }
    for (;;) {
      const read = await this.send('Runtime.evaluate', there).catch(() => null)
      if (read !== null && Evaluated.parse(read).result.value === true) return
    }
  }

  send(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = this.#nextId++
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    this.#socket.send(JSON.stringify({ id, method, params }))
    const late = setTimeout(() => answer.reject(new Error(`No answer to ${method}`)), answerMsMax)
    return answer.promise.finally(() => clearTimeout(late))
  }

  /** Runs a function in the page, which sees nothing of what is around it here, and waits for what it promises. */
  async run<Given, Result>(what: (given: Given) => Result, given: Given): Promise<Awaited<Result>> {
    const expression = `(${what.toString()})(${JSON.stringify(given) ?? 'undefined'})`
    const asked = { expression, awaitPromise: true, returnByValue: true, userGesture: true }
    const { result, exceptionDetails } = Evaluated.parse(await this.send('Runtime.evaluate', asked))
    if (exceptionDetails !== undefined) throw new Error(`In the page: ${JSON.stringify(exceptionDetails)}`)
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what the function itself has returned
    return result.value as Awaited<Result>
  }

  async click({ x, y }: Point): Promise<void> {
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 })
    }
  }

  async write(text: string): Promise<void> {
    await this.send('Input.insertText', { text })
  }

  async pressEnter(): Promise<void> {
    const key = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 }
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key, text: '\r' })
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })
  }

  async wheel({ x, y }: Point, deltaY: number): Promise<void> {
    await this.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: 0, deltaY })
  }

  [Symbol.dispose](): void {
    this.#socket.close()
  }

  #heard(text: string): void {
    const { id, result, error } = Answer.parse(JSON.parse(text))
    const waiting = id === undefined ? undefined : this.#waiting.get(id)
    if (id === undefined || !waiting) return
    this.#waiting.delete(id)
    if (error) waiting.reject(new Error(error.message))
    else waiting.resolve(result)
  }
}
