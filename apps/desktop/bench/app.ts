import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppLog } from '../test/electron/app-log.ts'
import { isolated } from '../test/electron/isolation.ts'
import { electronProgram, room, sandboxArguments } from '../test/electron/runtime.ts'
import { pageOrigin } from '../src/main/page/addresses.ts'
import { PageDebugger, type Point } from './debugger.ts'
import { installProbe } from './in-page.ts'
import { pause } from './pause.ts'

const debuggerAt = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/

/** Something that is asked for now and then has been asked for by then. */
const quietMs = 700

interface Program {
  readonly folder: string
  readonly origin: string
}

const ours: Program = { folder: room, origin: pageOrigin }
/** A window with a page that stands still: what Electron itself takes on this machine. */
export const bare: Program = { folder: join(import.meta.dirname, 'bare'), origin: 'file://' }

/** The app as a person starts it. It is not held back for a debugger, which joins it when it runs. */
export class MeasuredApp implements AsyncDisposable {
  readonly page: PageDebugger
  readonly child: ChildProcess
  /** When its process was started, in milliseconds since the epoch. */
  readonly startedAt: number
  readonly log: AppLog

  private constructor(app: Pick<MeasuredApp, 'page' | 'child' | 'startedAt' | 'log'>) {
    this.page = app.page
    this.child = app.child
    this.startedAt = app.startedAt
    this.log = app.log
  }

  /** @param program the app, or what it is held against, and where its page comes from */
  static async start(userData: string, program: Program = ours): Promise<MeasuredApp> {
    const startedAt = performance.timeOrigin + performance.now()
    const args = [
      ...sandboxArguments,
      `--user-data-dir=${userData}`,
      '--remote-debugging-port=0',
      program.folder,
    ]
    const child = spawn(electronProgram(), args, {
      env: isolated(join(userData, 'of-bench')),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const log = new AppLog()
    log.readProcess(child)
    try {
      const page = await PageDebugger.attach(await debuggerOf(child), program.origin)
      await page.run(installProbe, null)
      return new MeasuredApp({ page, child, startedAt, log })
    } catch (error) {
      child.kill('SIGKILL')
      throw error
    }
  }

  /** @returns milliseconds from the start of the process to the first thing that the page has painted */
  async firstPaint(): Promise<number> {
    const paintedAt = await this.page.run(async () => {
      for (;;) {
        const [paint] = performance.getEntriesByName('first-contentful-paint')
        if (paint) return performance.timeOrigin + paint.startTime
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    }, null)
    return paintedAt - this.startedAt
  }

  /** Waits until something is in the page. */
  async there(selector: string, text: string | null = null): Promise<void> {
    await this.page.run(untilThere, { selector, text })
  }

  /** Presses what is there first of what a selector finds, with the text if one is given. */
  async press(selector: string, text: string | null = null): Promise<void> {
    await this.there(selector, text)
    await this.page.click(await this.page.run(placeOf, { selector, text }))
  }

  /** Writes into a field, by its label. */
  async fill(label: string, text: string): Promise<void> {
    await this.page.run(focusField, label)
    await this.page.write(text)
  }

  /** Resolves when the window of who is signed in is there. */
  async unlock(passphrase: string): Promise<void> {
    await this.there('input[type=password]')
    await this.page.write(passphrase)
    await this.page.pressEnter()
    await this.there(tree)
  }

  /** @returns milliseconds from the click to the painted conversation */
  async open(name: string): Promise<number> {
    await this.there(treeItem, name)
    const place = await this.page.run(placeOf, { selector: treeItem, text: name })
    await this.page.run((wanted) => window.parleyProbe.expectOpen(wanted), name)
    await this.page.click(place)
    return (await this.page.run(() => window.parleyProbe.met, null)).ms
  }

  /** The names of the first conversations in the list, without the one that is open. */
  async conversations(count: number): Promise<string[]> {
    await this.there(treeItem)
    const names = await this.page.run(namesShown, treeItem)
    return names.slice(0, count)
  }

  place(selector: string): Promise<Point> {
    return this.page.run(placeOf, { selector, text: null })
  }

  /** Waits until the page has asked for nothing for a while. */
  async quiet(): Promise<void> {
    let before = -1
    for (;;) {
      const now = await this.page.run(() => window.parleyProbe.askings.length, null)
      if (now === before) return
      before = now
      await pause(quietMs)
    }
  }

  /** Does something, with a CPU profile of the page written where one is wanted. */
  async profiled<Result>(folder: string | null, name: string, run: () => Promise<Result>): Promise<Result> {
    if (folder === null) return run()
    await this.page.send('Profiler.enable')
    await this.page.send('Profiler.setSamplingInterval', { interval: 200 })
    await this.page.send('Profiler.start')
    const result = await run()
    const stopped = await this.page.send('Profiler.stop')
    mkdirSync(folder, { recursive: true })
    const { profile } = z.object({ profile: z.unknown() }).parse(stopped)
    writeFileSync(join(folder, `${name}-page.cpuprofile`), JSON.stringify(profile))
    return result
  }

  /** Quits as the system asks a program to. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.page[Symbol.dispose]()
    if (this.child.exitCode !== null || this.child.signalCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await gone
  }
}

const treeItem = '[role=treeitem]'
export const tree = 'nav[aria-label=Conversations]'

interface Wanted {
  readonly selector: string
  readonly text: string | null
}

async function untilThere({ selector, text }: Wanted): Promise<void> {
  const has = (each: Element) => [each, ...each.querySelectorAll('*')].some((of) => of.textContent === text)
  const isThere = () => [...document.querySelectorAll(selector)].some((each) => text === null || has(each))
  while (!isThere()) await new Promise((resolve) => requestAnimationFrame(resolve))
}

async function placeOf({ selector, text }: Wanted) {
  const settleMs = 300
  const has = (each: Element) => [each, ...each.querySelectorAll('*')].some((of) => of.textContent === text)
  const found = [...document.querySelectorAll(selector)].find((each) => text === null || has(each))
  const box = () => found?.getBoundingClientRect() ?? new DOMRect()
  const before = box().top
  found?.scrollIntoView({ block: 'nearest' })
  await new Promise((resolve) => requestAnimationFrame(resolve))
  // A list that was scrolled takes no pointer for a moment.
  if (box().top !== before) await new Promise((resolve) => setTimeout(resolve, settleMs))
  const { left, top, width, height } = box()
  return { x: left + width / 2, y: top + height / 2 }
}

async function focusField(label: string): Promise<void> {
  const find = () =>
    [...document.querySelectorAll('input')].find((each) =>
      [...(each.labels ?? [])].some(({ textContent }) => textContent.startsWith(label)),
    )
  while (!find()) await new Promise((resolve) => requestAnimationFrame(resolve))
  find()?.focus()
}

/** Rows stand below a row that names their section, and have a part that says their name and nothing else. */
function namesShown(selector: string): string[] {
  return [...document.querySelectorAll(`${selector}[aria-level='2']:not([aria-current])`)].flatMap((row) => {
    const name = row.querySelector('.truncate')?.textContent
    return name ? [name] : []
  })
}

function debuggerOf({ stderr }: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  let said = ''
  stderr?.on('data', (bytes: Buffer) => {
    said += bytes.toString()
    const [, port] = debuggerAt.exec(said) ?? []
    if (port) resolve(Number(port))
  })
  stderr?.on('close', () => reject(new Error(`The app did not start:\n${said}`)))
  return promise
}
