const units = ['bytes', 'KB', 'MB', 'GB'] as const

/** How large something is, for people: `12 KB`. */
export function sizeWords(bytes: number): string {
  let unit = 0
  let size = bytes
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000
    unit += 1
  }
  const rounded = unit === 0 || size >= 10 ? Math.round(size) : Math.round(size * 10) / 10
  return `${rounded.toLocaleString()} ${units[unit] ?? ''}`
}
