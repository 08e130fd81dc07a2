import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const room = join(import.meta.dirname, '../..')
const native = 'better-sqlite3-multiple-ciphers'
const nativeFolder = join(room, '../../node_modules', native)

const Manifest = z.object({
  version: z.string(),
  productName: z.string(),
  description: z.string(),
  license: z.string(),
  main: z.string(),
})
const NativeManifest = z.object({ name: z.string(), version: z.string(), main: z.string() })

/**
 * Lays out what is shipped: the bundles, the one package that is not in them, and a manifest that names it alone. The
 * workspace's own manifest names all that was bundled, which the packager would add a second time.
 *
 * @param platform as `process.platform` names it: of the native module, only its libraries are taken along
 */
export function stageApp(folder: string, platform: string): void {
  rmSync(folder, { recursive: true, force: true })
  const manifest = Manifest.parse(readManifest(room))
  const nativeManifest = NativeManifest.parse(readManifest(nativeFolder))
  cpSync(join(room, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (source) => !source.endsWith('.map'),
  })
  writeManifest(folder, {
    name: 'parley',
    type: 'module',
    author: 'Parley maintainers',
    homepage: 'https://parley.invalid',
    desktopName: 'parley.desktop',
    ...manifest,
    dependencies: { [native]: nativeManifest.version },
  })
  stageNative(join(folder, 'node_modules', native), platform, nativeManifest)
}

/** Its sources and the libraries of other systems are most of it: 20 MB of 24. */
function stageNative(folder: string, platform: string, manifest: z.infer<typeof NativeManifest>): void {
  cpSync(join(nativeFolder, 'lib'), join(folder, 'lib'), { recursive: true })
  cpSync(join(nativeFolder, 'LICENSE'), join(folder, 'LICENSE'))
  const libraries = readdirSync(join(nativeFolder, 'prebuilds'))
  for (const library of libraries.filter((name) => name.startsWith(`${platform}-`))) {
    cpSync(join(nativeFolder, 'prebuilds', library), join(folder, 'prebuilds', library))
  }
  writeManifest(folder, manifest)
}

const readManifest = (folder: string): unknown =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

function writeManifest(folder: string, manifest: object): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
}
