/** The scheme under which the app's own files are read: unlike `file:`, it has an origin of its own. */
export const scheme = 'app'
export const pageOrigin = 'app://parley'
export const pageUrl = `${pageOrigin}/index.html`

/** The members of Electron's `WebFrameMain` that are used. */
interface Frame {
  readonly url: string
  readonly parent: object | null
}

/** Whether a message comes from our own page, and from no frame inside of it. A frame that is gone is null. */
export function isOurPage(frame: Frame | null): boolean {
  return frame !== null && frame.parent === null && isOurAddress(frame.url)
}

export function isOurAddress(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && url.protocol === `${scheme}:` && url.host === 'parley'
}
