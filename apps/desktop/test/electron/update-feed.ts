import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { packagedFolder } from './packaged.ts'

interface Offered {
  readonly version: string
  /** What the feed says that the update is. */
  readonly program: string
  /** What it really sends, where that is something else. */
  readonly served?: string
}

interface UpdateFeed extends AsyncDisposable {
  /** The paths that were asked for. */
  readonly asked: readonly string[]
}

/** A server of updates, of which the packaged app is told in the way a build with a feed is. */
export async function openUpdateFeed({ version, program, served = program }: Offered): Promise<UpdateFeed> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://feed').pathname
    asked.push(path)
    if (path === '/latest-linux.yml') response.end(description(version, program))
    else if (path === '/parley.AppImage') response.end(served)
    else response.writeHead(404).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The feed has no port')
  const told = join(packagedFolder, 'resources/app-update.yml')
  writeFileSync(
    told,
    `provider: generic\nurl: http://127.0.0.1:${address.port}\nupdaterCacheDirName: parley\n`,
  )
  return {
    asked,
    async [Symbol.asyncDispose]() {
      rmSync(told)
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function description(version: string, program: string): string {
  const sha512 = createHash('sha512').update(program).digest('base64')
  return `version: ${version}
files:
  - url: parley.AppImage
    sha512: ${sha512}
    size: ${program.length}
path: parley.AppImage
sha512: ${sha512}
releaseDate: '2026-01-01T00:00:00.000Z'
`
}

/** A file that the app takes for the AppImage that it runs from. */
export function installedImage(): Disposable & { readonly path: string; readonly content: string } {
  const folder = temporaryFolder('parley-image')
  const path = join(folder.path, 'parley.AppImage')
  writeFileSync(path, '#!/bin/sh\n# this Parley\n', { mode: 0o755 })
  return {
    path,
    get content() {
      return readFileSync(path, 'utf8')
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}
