import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build, Platform } from 'electron-builder'
import { packaging } from './package/config.ts'
import { stageApp } from './package/stage.ts'

// Makes the installers of the system that it runs on, or with --dir only the folder that they would install.

const { values } = parseArgs({ options: { dir: { type: 'boolean', default: false } } })
const release = join(import.meta.dirname, '../release')
const staged = join(release, 'app')

execFileSync(process.execPath, [join(import.meta.dirname, 'build.ts')], { stdio: 'inherit' })
stageApp(staged, process.platform)
await build({
  targets: Platform.current().createTarget(values.dir ? 'dir' : undefined),
  projectDir: join(import.meta.dirname, '..'),
  publish: 'never',
  config: packaging(staged, join(release, 'out'), process.env),
})
