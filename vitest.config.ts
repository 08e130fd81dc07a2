import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { isWorkspace, roomNames, rooms } from './house/rooms.ts'

const everyTest = ['test/**/*.test.ts']
/** Tests that start the desktop app itself. */
const appTests = ['test/{shell,packaged,e2e}/**/*.test.ts']

const projects = [
  { name: 'house', root: 'house', include: everyTest },
  ...roomNames.filter(isWorkspace).map((name) => ({
    name,
    root: rooms[name].folder,
    include: everyTest,
    exclude: name === 'desktop' ? appTests : [],
  })),
  // Each starts several processes, so there is one at a time.
  {
    name: 'desktop-e2e',
    root: rooms.desktop.folder,
    include: appTests,
    fileParallelism: false,
    globalSetup: [join(import.meta.dirname, 'apps/desktop/test/electron/runtime.ts')],
  },
]

/** Tests wait for real processes and sockets, and a busy machine is no failure. */
const patienceMs = 30_000
/** Where several apps are started, signed in, and live through something. */
const patienceWithAppsMs = 180_000
/** `expect.poll` gives up before its test does, and so says what it saw last. */
const pollMs = 20_000

export default defineConfig({
  test: {
    projects: projects.map((project) => {
      const timeout = project.name === 'desktop-e2e' ? patienceWithAppsMs : patienceMs
      return {
        test: {
          ...project,
          testTimeout: timeout,
          hookTimeout: timeout,
          expect: { poll: { timeout: pollMs } },
        },
      }
    }),
  },
})
