const name = 'last-server'

/** The server that somebody came to last, by its address. */
export const lastServer = (): string => localStorage.getItem(name) ?? ''

export function rememberServer(url: string): void {
  localStorage.setItem(name, url)
}

/** An address as people say it. */
export const spokenAddress = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '')
