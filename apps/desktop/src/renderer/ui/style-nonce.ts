declare global {
  // The name under which components that add a style element look for it.
  var __webpack_nonce__: string | undefined
}

/** Lets the components that lock scrolling add their style element: the policy of the page asks for this load's nonce. */
export function carryNonce(): void {
  const meta = document.querySelector('meta[property="csp-nonce"]')
  if (meta instanceof HTMLElement) globalThis.__webpack_nonce__ = meta.nonce
}
