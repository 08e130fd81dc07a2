import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { serverBundle } from '@parley/testkit/server-bundle'

/**
 * The server with one thing changed: it acknowledges its writes a turn before it commits them. What tests find wrong
 * with it shows that they would find it.
 */
export async function hastyBundle(): Promise<{ program: string } & AsyncDisposable> {
  const original = dirname(await serverBundle())
  // Beside the original, from where the native module is found.
  const folder = await mkdtemp(join(dirname(original), 'hasty-'))
  await cp(original, folder, { recursive: true })
  const program = join(folder, 'parley.js')
  const source = await readFile(program, 'utf8')
  const hasty = replaceOnce(
    replaceOnce(
      source,
      /^\t#finish\(group\) \{$/m,
      '\t#finish(group) {\n\t\tfor (const tell of group.acknowledge) tell();\n\t\tsetImmediate(() => this.#finishLate(group));\n\t}\n\t#finishLate(group) {',
    ),
    // It would take a commit that comes a turn later for a write that waits for something.
    /^\t#watch\(group\) \{$/m,
    '\t#watch(group) {\n\t\treturn;',
  )
  await writeFile(program, hasty)
  return { program, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
}

function replaceOnce(source: string, pattern: RegExp, replacement: string): string {
  if (source.match(new RegExp(pattern, 'gm'))?.length !== 1)
    throw new Error(`The bundle has not one ${pattern}`)
  return source.replace(pattern, () => replacement)
}
