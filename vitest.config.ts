import { defineConfig } from 'vitest/config'
import { roomNames, rooms } from './house/rooms.ts'

const projects = [
  { name: 'house', root: 'house' },
  ...roomNames.map((name) => ({ name, root: rooms[name].folder })),
]

/** Tests wait for real processes and sockets, and a busy machine is no failure. */
const patienceMs = 30_000

export default defineConfig({
  test: {
    projects: projects.map((project) => ({
      test: { ...project, include: ['test/**/*.test.ts'], testTimeout: patienceMs, hookTimeout: patienceMs },
    })),
  },
})
