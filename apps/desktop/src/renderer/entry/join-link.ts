/** What somebody pasted who was invited: the secret, and the server where the link names one. */
export interface Invitation {
  readonly server: string | null
  readonly secret: string
}

const secretPattern = /^[A-Za-z0-9_-]{1,200}$/
/** Shorter ones that are pasted alone are more likely a word or the address of a server. */
const secretAloneCharsMin = 16

/**
 * Reads what a person pasted: `parley://join?server=https://…#secret`, the link that a server prints
 * (`https://…/#invite=secret`), or the secret alone.
 * @returns null for anything else.
 */
export function readInvitation(pasted: string): Invitation | null {
  const text = pasted.trim()
  if (secretPattern.test(text)) {
    return text.length >= secretAloneCharsMin ? { server: null, secret: text } : null
  }
  const url = URL.parse(text)
  if (!url || url.username || url.password) return null
  if (url.protocol === 'parley:') {
    const server = url.searchParams.get('server')
    return url.host === 'join' && server ? named(server, url.hash.slice(1)) : null
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  const [name, secret = ''] = url.hash.slice(1).split('=', 2)
  return name === 'invite' ? named(`${url.origin}${url.pathname}`, secret) : null
}

const named = (server: string, secret: string): Invitation | null =>
  secretPattern.test(secret) ? { server: server.replace(/\/+$/, ''), secret } : null

/**
 * The link by which somebody comes to a server. The secret stands behind the `#`, so that it reaches no server by itself.
 * The address stays readable: a colon and slashes may stand in a query as they are.
 */
export function inviteLink(server: string, secret: string): string {
  const readable = encodeURIComponent(server).replaceAll('%3A', ':').replaceAll('%2F', '/')
  return `parley://join?server=${readable}#${secret}`
}
