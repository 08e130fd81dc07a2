/** `de-CH` where there is such a dictionary, otherwise `de`, otherwise another German one. */
export function bestMatch(tag: string, available: readonly string[]): string | null {
  const [language = tag] = tag.split('-')
  return (
    available.find((each) => each === tag) ??
    available.find((each) => each === language) ??
    available.find((each) => each.startsWith(`${language}-`)) ??
    null
  )
}
