import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { z } from 'zod'

const Step = z.strictObject({
  step: z.string(),
  answer: z.string(),
  reads: z.boolean(),
  logId: z.string(),
  restored: z.boolean(),
})

const child = fileURLToPath(new URL('./live-on-full-disk.ts', import.meta.url))

/** Runs a program with a file system of its own, which nobody else sees and which goes with it. */
async function onSmallDisk(program: string, folder: string): Promise<string> {
  const mounted = 'mount -t tmpfs -o size=48m tmpfs "$1" && exec "$2" "$3" "$1"'
  const user = userInfo().uid === 0 ? [] : ['--user', '--map-root-user']
  const command = ['sh', '-c', mounted, 'sh', folder, process.execPath, program]
  const { stdout } = await promisify(execFile)('unshare', ['--mount', ...user, ...command])
  return stdout
}

test('P9: a server starts on a disk that is full, is read, refuses writes until there is room, and knows what was put back', async () => {
  using folder = temporaryFolder('parley-full')
  const lines = (await onSmallDisk(child, folder.path)).trim().split('\n')
  const steps = lines.map((line) => Step.parse(JSON.parse(line)))
  const [first] = steps
  const last = steps.at(-1)
  expect(last?.logId).not.toBe(first?.logId)
  const seen = (step: string, answer: string) =>
    ({ step, answer, reads: true, logId: first?.logId, restored: false }) as const
  expect(steps).toEqual([
    seen('with room', 'none'),
    seen('with room again', 'done'),
    seen('full', 'none'),
    seen('full, and written to', 'storage-full'),
    seen('full again', 'storage-full'),
    seen('room comes', 'storage-full, then done'),
    seen('with room after it', 'done'),
    { ...seen('put back, on a full disk', 'none'), logId: last?.logId, restored: true },
    { ...seen('full after it was put back', 'none'), logId: last?.logId },
  ])
})
