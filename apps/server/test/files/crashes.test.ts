import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, cp } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { AttachmentId } from '@parley/domain/ids'
import { orphanAttachmentKeptMs, uploadKeptMs } from '@parley/domain/limits'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { begin, download, head, idIn, patch } from './http.ts'
import { FilesStage, someBytes, type Someone } from './stage.ts'

class DyingServer implements AsyncDisposable {
  readonly url: string
  readonly #process: ChildProcess
  readonly #exit: Promise<unknown[]>

  private constructor(child: ChildProcess, exit: Promise<unknown[]>, url: string) {
    this.#process = child
    this.#exit = exit
    this.url = url
  }

  static async start(folder: string, step = 'none'): Promise<DyingServer> {
    const program = join(import.meta.dirname, 'dying-server.ts')
    const child = spawn(process.execPath, [program, folder, step], { stdio: ['ignore', 'pipe', 'inherit'] })
    const exit = once(child, 'exit')
    const [line]: unknown[] = await once(createInterface(child.stdout), 'line')
    return new DyingServer(child, exit, String(line))
  }

  /** Resolves when it is dead. */
  async dead(): Promise<void> {
    const [code, signal] = await this.#exit
    if (signal !== 'SIGKILL') throw new Error(`The server ended by itself, with ${String(code)}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#exit
  }
}

/** A data folder with one account. */
async function prepare(folder: string): Promise<Someone> {
  const stage = await FilesStage.openAt(folder)
  const alice = await stage.person('alice')
  await stage.stop()
  return alice
}

const at = (url: string, server: { url: string }) => new URL(new URL(url).pathname, server.url).href

test.each(['synced', 'hashed', 'moved', 'added', 'forgotten'])(
  'P1: a server killed at the step %j leaves a whole attachment or none, and the upload can be finished',
  async (step) => {
    using kept = temporaryFolder()
    using abandoned = temporaryFolder()
    const folder = kept.path
    const alice = await prepare(folder)
    const body = someBytes(200_000)
    let url: string
    {
      await using server = await DyingServer.start(folder, step)
      url = await begin(`${server.url}/files/uploads`, alice, body.length)
      await expect(patch(url, alice, 0, body)).rejects.toThrow(/socket hang up|ECONNRESET/)
      await server.dead()
    }
    await cp(folder, abandoned.path, { recursive: true })

    {
      await using stage = await FilesStage.openAt(folder)
      const lost = (await stage.findings()).filter(({ kind }) => kind !== 'unreferenced')
      expect(lost).toEqual([])
      // Clients ask how far it came; one that knows may as well send the nothing that is missing.
      const again = at(url, stage)
      const told = await (step === 'moved'
        ? patch(again, alice, body.length, Buffer.alloc(0))
        : head(again, alice))
      expect(told.headers.get('upload-offset')).toBe(String(body.length))
      const id = AttachmentId.parse(told.headers.get('parley-attachment'))
      expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
      await stage.sweepAll()
      expect(await stage.uploadFiles()).toEqual([])
      expect(await stage.contents()).toHaveLength(1)
      expect(await stage.findings()).toEqual([])
    }
    {
      await using stage = await FilesStage.openAt(abandoned.path)
      stage.clock.advance(Math.max(uploadKeptMs, orphanAttachmentKeptMs) + 1)
      await stage.sweepAll()
      expect(await stage.uploadFiles()).toEqual([])
      expect(await stage.contents()).toEqual([])
      expect(await stage.findings()).toEqual([])
    }
  },
)

test('P1: a server killed in the middle of an upload still has every byte that it had acknowledged', async () => {
  // Removed last: after everything that has it open.
  using kept = temporaryFolder()
  const folder = kept.path
  const alice = await prepare(folder)
  const body = someBytes(300_000)
  let url: string
  {
    await using server = await DyingServer.start(folder)
    url = await begin(`${server.url}/files/uploads`, alice, body.length)
    expect((await patch(url, alice, 0, body.subarray(0, 100_000))).status).toBe(204)
    expect((await patch(url, alice, 100_000, body.subarray(100_000, 123_456))).status).toBe(204)
  }
  // Bytes that were written and not yet put on disk for good may be there after a crash, and may be anything.
  await appendFile(join(folder, 'files', 'uploads', alice.actor.accountId, `${idIn(url)}.part`), 'anything')
  await using stage = await FilesStage.openAt(folder)
  expect((await head(at(url, stage), alice)).headers.get('upload-offset')).toBe('123456')
  const last = await patch(at(url, stage), alice, 123_456, body.subarray(123_456))
  const id = AttachmentId.parse(last.headers.get('parley-attachment'))
  expect((await download(stage.url, alice, id)).body.equals(body)).toBe(true)
  expect(await stage.findings()).toEqual([])
})
