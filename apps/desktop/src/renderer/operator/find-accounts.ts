interface Names {
  readonly username: string
  readonly displayName: string
  readonly name: string
  readonly lastName: string
}

/** Those who have each of the words in one of their names, letter case aside. */
export function accountsCalled<Named extends Names>(
  accounts: readonly Named[],
  words: string,
): readonly Named[] {
  const wanted = words.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (wanted.length === 0) return accounts
  return accounts.filter(({ username, displayName, name, lastName }) => {
    const names = `${username} ${displayName} ${name} ${lastName}`.toLocaleLowerCase()
    return wanted.every((word) => names.includes(word))
  })
}
