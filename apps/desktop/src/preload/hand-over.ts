// How the two ports get into the page. A page can be told something only once it listens, and the ports may be there
// before; so the page says that it listens, and is then handed the newest ports, and each later pair as it comes.

/** Main and preload: the preload asks for ports on this channel, and they come on it. */
export const portsChannel = 'parley:ports'

/** The page posts it to its own window when it listens. */
export const listening = { kind: 'parley:listening' } as const

/** Posted to the page's window with two ports: the engine's, then the desk's. A later pair replaces the one before. */
export const handOver = { kind: 'parley:ports' } as const

export function isKind(data: unknown, kind: string): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === kind
}
