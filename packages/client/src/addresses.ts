export interface Addresses {
  /** Calls over HTTP. */
  readonly http: string
  readonly socket: string
  readonly files: string
}

/**
 * Where a server is reached, from the one address that people know, such as `https://chat.example.org`. A path at its
 * end is kept, for servers behind a proxy that has others beside them.
 * @throws TypeError when it is no http, https, ws or wss address, or one with a name and password in it.
 */
export function addressesOf(url: string | URL): Addresses {
  const base = URL.parse(url)
  const secure = base?.protocol === 'https:' || base?.protocol === 'wss:'
  if (!base || !(secure || base.protocol === 'http:' || base.protocol === 'ws:')) {
    throw new TypeError(`The address of a server is like https://chat.example.org, and not ${String(url)}`)
  }
  if (base.username !== '' || base.password !== '') {
    throw new TypeError(
      'The address of a server holds no name and password: sign in, and connect with the token',
    )
  }
  const rest = `${base.host}${base.pathname.replace(/\/+$/, '')}`
  const http = `${secure ? 'https' : 'http'}://${rest}`
  return { http: `${http}/trpc`, socket: `${secure ? 'wss' : 'ws'}://${rest}/trpc`, files: `${http}/files` }
}
