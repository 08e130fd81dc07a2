/** One end of a channel between two processes: what a `MessagePort` of a page, of Node and of Electron all can. */
export interface Port {
  /** Copies the message to the other side, as the structured clone algorithm does. */
  post(message: unknown): void
  /** Takes what comes, from the moment this is called; it is called once. */
  listen(heard: Heard): void
  close(): void
}

export interface Heard {
  message(message: unknown): void
  /** The other side is gone, or this one was closed. */
  closed(): void
}

/** The port of a page or of Node's global `MessageChannel`. Pages are not told of a close by every engine. */
export function portOfPage(port: MessagePort): Port {
  return {
    post: (message) => port.postMessage(message),
    listen(heard) {
      port.addEventListener('message', (event) => heard.message(event.data))
      port.addEventListener('close', () => heard.closed())
      port.start()
    },
    close: () => port.close(),
  }
}

/** The members of Electron's `MessagePortMain` that are used, so that no Electron is needed to name it. */
export interface MainPort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** The port of Electron's main and utility processes. */
export function portOfMain(port: MainPort): Port {
  return {
    post: (message) => port.postMessage(message),
    listen(heard) {
      port.on('message', (event) => heard.message(event.data))
      port.on('close', () => heard.closed())
      port.start()
    },
    close: () => port.close(),
  }
}
