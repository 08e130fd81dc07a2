const protocolsAllowed: ReadonlySet<string> = new Set(['https:', 'http:', 'mailto:', 'parley:'])

/** The address as it is opened, or null for what is never made a link of: scripts, files, names before an @. */
export function linkAddress(address: string): string | null {
  const url = URL.parse(address)
  if (!url || !protocolsAllowed.has(url.protocol)) return null
  return url.username || url.password ? null : url.href
}
