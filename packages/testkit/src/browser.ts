/** Where a walk through redirects came to an end: at a page, or before an address that is not to be visited. */
export interface Stop {
  readonly url: string
  /** Null before an address that is not visited. */
  readonly response: Response | null
}

const redirectsMax = 20

interface Cookie {
  readonly origin: string
  readonly path: string
  readonly name: string
  readonly value: string
}

/** As much of a browser as signing in needs: it follows redirects, and keeps each server's cookies. */
export class Browser {
  #cookies: Cookie[] = []

  /** @param leavesAt the beginning of addresses that another program takes over. */
  async open(address: string, leavesAt: string): Promise<Stop> {
    let url = address
    for (let redirects = 0; redirects <= redirectsMax; redirects += 1) {
      if (url.startsWith(leavesAt)) return { url, response: null }
      const response = await fetch(url, { redirect: 'manual', headers: { cookie: this.#cookiesFor(url) } })
      this.#keep(url, response.headers.getSetCookie())
      const location = response.headers.get('location')
      if (location === null) return { url, response }
      await response.body?.cancel()
      url = new URL(location, url).href
    }
    throw new Error(`More than ${redirectsMax} redirects`)
  }

  #cookiesFor(url: string): string {
    const { origin, pathname } = new URL(url)
    return this.#cookies
      .filter((cookie) => cookie.origin === origin && pathname.startsWith(cookie.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  #keep(url: string, lines: readonly string[]): void {
    const { origin } = new URL(url)
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
      const [name = '', value = ''] = pair.split('=')
      const path =
        attributes.find((attribute) => attribute.toLowerCase().startsWith('path='))?.slice(5) ?? '/'
      this.#cookies = this.#cookies.filter(
        (old) => old.name !== name || old.path !== path || old.origin !== origin,
      )
      if (value !== '') this.#cookies.push({ origin, path, name, value })
    }
  }
}
