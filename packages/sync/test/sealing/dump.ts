import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Which of these stand in a file below a folder, and where. */
export function foundIn(folder: string, secrets: readonly (string | Uint8Array)[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .flatMap((each) => {
      const path = join(each.parentPath, each.name)
      const content = readFileSync(path)
      return secrets
        .filter((secret) => content.includes(typeof secret === 'string' ? secret : Buffer.from(secret)))
        .map(
          (secret) =>
            `${typeof secret === 'string' ? secret : Buffer.from(secret).toString('hex')} in ${path}`,
        )
    })
}

/** A key in each of the ways in which it could be written. */
export const waysOf = (key: Uint8Array): (string | Uint8Array)[] => {
  const buffer = Buffer.from(key)
  return [
    key,
    buffer.toString('base64url'),
    buffer.toString('base64').replace(/=+$/, ''),
    buffer.toString('hex'),
  ]
}
