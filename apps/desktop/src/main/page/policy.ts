import { randomBytes } from 'node:crypto'

/** Stands in the page where its nonce goes. */
export const noncePlaceholder = '__CSP_NONCE__'

export const newNonce = (): string => randomBytes(16).toString('base64')

/**
 * The page's content security policy. Scripts are our own files alone, and nothing is fetched: whatever the page shows
 * comes over its ports. Components that lock scrolling add a style element, which carries the nonce of this load;
 * style attributes are what places the rows of a virtual list.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `style-src-attr 'unsafe-inline'`,
    `img-src 'self' blob: data:`,
    `font-src 'self'`,
    `media-src blob:`,
    `connect-src 'none'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}
