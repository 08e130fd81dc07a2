import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { page } from './page.ts'
import { buildProcesses } from './processes.ts'

const icons = join(import.meta.dirname, '../dist/icons')

await Promise.all([buildProcesses(), build(page)])
rmSync(icons, { recursive: true, force: true })
cpSync(join(import.meta.dirname, 'icons/shipped'), icons, { recursive: true })
