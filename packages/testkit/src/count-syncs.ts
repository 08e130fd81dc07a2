import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from './temporary-folder.ts'

const run = promisify(execFile)

/** Stands in for the two calls, writes down which file each is for, and passes them on. */
const shim = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <fcntl.h>
static int noted(const char *call, int fd) {
  char link[64], file[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, file, sizeof file - 1);
  int log = open(getenv("SYNC_LOG"), O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (length > 0) { file[length++] = '\\n'; if (write(log, file, length) < 0) abort(); }
  close(log);
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, call);
  return real(fd);
}
int fsync(int fd) { return noted("fsync", fd); }
int fdatasync(int fd) { return noted("fdatasync", fd); }
`

export interface Counted {
  readonly output: string
  /** The file of each sync, in order. */
  readonly syncs: string[]
}

/**
 * Runs a program of `children/` and writes down each time that it has a file written to disk: by strace, or, where
 * that may not trace, by a small library that a C compiler makes here.
 *
 * @throws when there is neither.
 */
export const countSyncs = async (program: URL, args: readonly string[]): Promise<Counted> => {
  using folder = temporaryFolder('parley-syncs')
  const log = join(folder.path, 'syncs')
  const started = [process.execPath, fileURLToPath(program), ...args]
  if (await works('strace', ['-f', '-e', 'trace=none', 'true'])) {
    const { stdout } = await run('strace', [
      '-f',
      '-qq',
      '-y',
      '-e',
      'trace=fsync,fdatasync',
      '-o',
      log,
      ...started,
    ])
    return {
      output: stdout,
      syncs: linesOf(log).flatMap((line) => /f(?:data)?sync\(\d+<(.+?)>/.exec(line)?.[1] ?? []),
    }
  }
  const library = join(folder.path, 'syncs.so')
  const compiling = run('cc', ['-shared', '-fPIC', '-o', library, '-x', 'c', '-', '-ldl'])
  compiling.child.stdin?.end(shim)
  await compiling.catch((error: unknown) => {
    throw new Error('Counting syncs needs strace or a C compiler (on Debian: apt install strace)', {
      cause: error,
    })
  })
  const environment = { ...process.env, LD_PRELOAD: library, SYNC_LOG: log }
  const [command = '', ...rest] = started
  const { stdout } = await run(command, rest, { env: environment })
  return { output: stdout, syncs: linesOf(log) }
}

const linesOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [])

const works = async (command: string, args: readonly string[]) => {
  try {
    await run(command, args)
    return true
  } catch {
    return false
  }
}
