import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program of `children/`, run by the Node that runs the tests. */
export interface Child extends AsyncDisposable {
  readonly process: ChildProcessWithoutNullStreams
  /** The next line that it prints. @throws with what it complained of, when it ends without one. */
  line(): Promise<string>
  /** Kills it as the operating system or a power switch would, and waits until it is gone. */
  kill(): Promise<void>
}

/** @param program one of `children/`, by its address. */
export const startChild = (program: URL, args: readonly string[]): Child =>
  startCommand(process.execPath, [fileURLToPath(program), ...args])

export const startCommand = (command: string, args: readonly string[]): Child => {
  const child = spawn(command, args, { stdio: 'pipe' })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const gone = once(child, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await gone
  }
  return {
    process: child,
    async line() {
      const { done, value } = await lines.next()
      if (done === true) throw new Error(`The child ended: ${complaint}`)
      return value
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}
