import { build } from 'vite'
import { page } from './page.ts'
import { buildProcesses } from './processes.ts'

await Promise.all([buildProcesses(), build(page)])
