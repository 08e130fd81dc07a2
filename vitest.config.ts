import { defineConfig } from 'vitest/config'

const rooms = ['packages/domain', 'packages/db', 'packages/chat', 'packages/api', 'packages/client', 'packages/testkit', 'apps/server']

export default defineConfig({
  test: {
    projects: rooms.map((root) => ({
      test: { name: root.slice(root.indexOf('/') + 1), root, include: ['test/**/*.test.ts'] },
    })),
  },
})
