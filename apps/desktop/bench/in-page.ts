/** A question of the page to the engine or to the desk, and how long its answer took. */
export interface Asking {
  readonly path: string
  readonly type: string
  readonly askedAt: number
  /** Milliseconds from asking to the answer. */
  readonly ms: number
}

/** What the bench does beside the page's own code. */
export interface Probe {
  readonly askings: Asking[]
  /** Asks the engine as the page does. Rejects with the kind of the trouble. */
  ask(path: string, input?: unknown): Promise<unknown>
  /** Begins to wait for a conversation's rows to be painted, from the next click or press of Enter on. */
  expectOpen(name: string): void
  /** Begins to wait for a message, from the next press of Enter on. */
  expectMessage(text: string): void
  /** Milliseconds until what was expected was painted, and when the waiting began. */
  readonly met: Promise<{ readonly ms: number; readonly from: number }>
  /** Gathers from now on when the page did one thing without a pause, and could neither ask nor hear an answer. */
  watchBusy(): void
  readonly busy: readonly Span[]
  /** Asks for the connection all the time from now on, until everything that was missed is there. */
  watchConnection(): void
  /** Times are as of `performance.now()`. */
  readonly caughtUp: Promise<CaughtUp>
  /** Gathers the times between frames from now on. */
  watchFrames(): void
  /** What was gathered. */
  framesWatched(): Frames
}

export interface CaughtUp {
  /** When the store was first there to be asked. */
  readonly openedAt: number
  readonly until: number
  /** Milliseconds that the question took, each time. */
  readonly looks: readonly number[]
}

export interface Span {
  readonly from: number
  readonly to: number
}

export interface Frames {
  /** Milliseconds between one frame and the next. */
  readonly gaps: readonly number[]
  readonly nodesMax: number
}

declare global {
  interface Window {
    parleyProbe: Probe
  }
}

/** Runs in the page: whatever it needs stands inside. */
export function installProbe(): void {
  interface Waiting {
    readonly path: string
    readonly type: string
    readonly at: number
  }
  const lookEveryMs = 20
  const tickMs = 4
  const busyMs = 12
  const askings: Asking[] = []
  const mine = new Map<number, PromiseWithResolvers<unknown>>()
  const waiting = new Map<MessagePort, Map<number, Waiting>>()
  const engineRouters = ['app', 'conversations', 'messages', 'people', 'outbox', 'notifications', 'window']
  let enginePort: MessagePort | null = null
  // Ids of the page's own calls begin with 1.
  let nextId = 1_000_000_000

  const hear = (port: MessagePort): Map<number, Waiting> => {
    const calls = new Map<number, Waiting>()
    waiting.set(port, calls)
    port.addEventListener(
      'message',
      ({ data }: MessageEvent<{ id?: number; kind: string; data?: unknown }>) => {
        const { id, kind } = data
        if (id === undefined) return
        const call = calls.get(id)
        calls.delete(id)
        if (call) askings.push({ ...call, askedAt: call.at, ms: performance.now() - call.at })
        const own = mine.get(id)
        if (kind === 'failed') own?.reject(new Error('The engine could not answer'))
        else own?.resolve(data.data)
      },
    )
    return calls
  }
  const isCall = (said: unknown): said is { id: number; path: string; type: string } =>
    typeof said === 'object' && said !== null && 'kind' in said && said.kind === 'call'
  Reflect.set(
    MessagePort.prototype,
    'postMessage',
    new Proxy<(said: unknown) => void>(Reflect.get(MessagePort.prototype, 'postMessage'), {
      apply(post, port: MessagePort, given: [unknown]) {
        const [said] = given
        if (isCall(said)) {
          const calls = waiting.get(port) ?? hear(port)
          if (engineRouters.includes(said.path.split('.')[0] ?? '')) enginePort = port
          // What is asked from beside the page is none of its askings.
          if (!mine.has(said.id))
            calls.set(said.id, { path: said.path, type: said.type, at: performance.now() })
        }
        Reflect.apply(post, port, given)
      },
    }),
  )

  const ask = (path: string, input?: unknown): Promise<unknown> => {
    if (!enginePort) return Promise.reject(new Error('The page has not asked the engine yet'))
    const answer = Promise.withResolvers<unknown>()
    const id = nextId++
    mine.set(id, answer)
    enginePort.postMessage({ kind: 'call', id, type: 'query', path, input })
    return answer.promise.finally(() => mine.delete(id))
  }

  /** Resolves after the frame in which `isThere` was first true was drawn. */
  const painted = (isThere: () => boolean): Promise<number> =>
    new Promise((resolve) => {
      const channel = new MessageChannel()
      channel.port1.addEventListener('message', () => {
        // What the frame has drawn is what is there now: this runs next after it.
        if (!isThere()) return void requestAnimationFrame(look)
        channel.port1.close()
        resolve(performance.now())
      })
      channel.port1.start()
      const look = () => channel.port2.postMessage(null)
      requestAnimationFrame(look)
    })

  /** Not what lies at a point: rows take no pointer while the list moves. One that was not measured yet is hidden. */
  const hasRowAt = (log: Element, share: number): boolean => {
    const { top, height } = log.getBoundingClientRect()
    const y = top + height * share
    const rows = log.querySelector('[role=article]')?.parentElement?.parentElement?.children ?? []
    return [...rows].some((row) => {
      const box = row.getBoundingClientRect()
      return box.top <= y && box.bottom >= y && row.checkVisibility({ visibilityProperty: true })
    })
  }
  const opened = (name: string) => () => {
    const log = document.querySelector('[role=log]')
    if (log === null || document.querySelector('h1')?.textContent !== name) return false
    return hasRowAt(log, 0.5) && hasRowAt(log, 0.9)
  }
  const said = (text: string) => () =>
    [...document.querySelectorAll('[role=log] [role=article] p')].some(
      (each) => each.textContent === text && each.checkVisibility({ visibilityProperty: true }),
    )

  const busy: Span[] = []
  const watchBusy = () => {
    let last = performance.now()
    setInterval(() => {
      const now = performance.now()
      if (now - last > busyMs) busy.push({ from: last + tickMs, to: now })
      last = now
    }, tickMs)
  }

  const caughtUp = Promise.withResolvers<CaughtUp>()
  const look = async () => {
    let openedAt = 0
    const looks: number[] = []
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
      const from = performance.now()
      // Until the store is open, nobody is signed in.
      const connection = await ask('app.connection').catch(() => null)
      if (!connection) continue
      looks.push(performance.now() - from)
      openedAt ||= from
      const isCaughtUp =
        typeof connection === 'object' && 'caughtUp' in connection && connection.caughtUp === true
      if (!isCaughtUp) continue
      caughtUp.resolve({ openedAt, until: performance.now(), looks })
      return
    }
  }

  let watched: { gaps: number[]; nodesMax: number } = { gaps: [], nodesMax: 0 }
  let met = Promise.withResolvers<{ ms: number; from: number }>()
  const expect = (events: readonly string[], isThere: () => boolean) => {
    const { promise, resolve } = Promise.withResolvers<{ ms: number; from: number }>()
    met = { ...met, promise }
    const began = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== 'Enter') return
      for (const each of events) window.removeEventListener(each, began, { capture: true })
      const from = event.timeStamp
      void painted(isThere).then((at) => resolve({ ms: at - from, from }))
    }
    for (const each of events) window.addEventListener(each, began, { capture: true })
  }

  window.parleyProbe = {
    askings,
    ask,
    expectOpen: (name) => expect(['click', 'keydown'], opened(name)),
    expectMessage: (text) => expect(['keydown'], said(text)),
    get met() {
      return met.promise
    },
    busy,
    watchBusy,
    watchConnection: () => void look(),
    caughtUp: caughtUp.promise,
    watchFrames() {
      let [last, frames] = [performance.now(), 0]
      watched = { gaps: [], nodesMax: 0 }
      const next = () => {
        const now = performance.now()
        watched.gaps.push(now - last)
        last = now
        frames += 1
        if (frames % 10 === 0) {
          watched.nodesMax = Math.max(watched.nodesMax, document.querySelectorAll('*').length)
        }
        requestAnimationFrame(next)
      }
      requestAnimationFrame(next)
    },
    framesWatched: () => watched,
  }
}
