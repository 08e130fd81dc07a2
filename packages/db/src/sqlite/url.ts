/**
 * The file that a database's URL names.
 * @throws when it is another kind of URL, or names no file.
 */
export const sqlitePathOf = (url: string): string => {
  const path = /^sqlite:(.+)$/.exec(url)?.[1]
  if (path === undefined || path.startsWith(':') || path.startsWith('file:')) {
    // What stands behind the scheme may hold a password.
    throw new Error(
      `A database is named sqlite:<path of a file>; '${url.split(':', 1)[0]}:' names none that Parley can open`,
    )
  }
  return path
}
