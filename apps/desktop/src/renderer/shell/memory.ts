// How an account's window was left, on this device. Only ids and sizes may be kept here: this is not the encrypted store.

const nameOf = (accountKey: string, what: string) => `${what}:${accountKey}`

/** @returns whatever is there, which may be of another version; null for nothing. */
export function remembered(accountKey: string, what: string): unknown {
  try {
    const text = localStorage.getItem(nameOf(accountKey, what))
    return text === null ? null : JSON.parse(text)
  } catch {
    // A damaged memory of where one was is none.
    return null
  }
}

export function remember(accountKey: string, what: string, value: unknown): void {
  try {
    localStorage.setItem(nameOf(accountKey, what), JSON.stringify(value))
  } catch {
    // A full disk costs the memory of where one was, and nothing else.
  }
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
