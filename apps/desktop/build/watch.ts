import { build } from 'vite'
import { page } from './page.ts'
import { buildProcesses } from './processes.ts'

// Builds the page anew whenever one of its files changes; reload the window to see it. The page is always read from
// the app's own scheme and under its own policy, so there is no server to develop on.
await buildProcesses()
await build({ ...page, logLevel: 'info', build: { ...page.build, watch: {}, sourcemap: true } })
