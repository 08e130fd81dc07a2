import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const room = join(import.meta.dirname, '../..')
/** Packages with libraries, which are not in the bundles, and what of them is needed beside the library. */
const natives = [
  { name: 'better-sqlite3-multiple-ciphers', files: ['lib', 'LICENSE'] },
  { name: 'sodium-native', files: ['LICENSE'] },
] as const
const folderOf = (name: string) => join(room, '../../node_modules', name)

const Manifest = z.object({
  version: z.string(),
  productName: z.string(),
  description: z.string(),
  license: z.string(),
  main: z.string(),
})
const NativeManifest = z.object({ name: z.string(), version: z.string(), main: z.string() })

/**
 * Lays out what is shipped: the bundles, the packages that are not in them, and a manifest that names these alone. The
 * workspace's own manifest names all that was bundled, which the packager would add a second time.
 *
 * @param platform as `process.platform` names it: of native modules, only its libraries are taken along
 */
export function stageApp(folder: string, platform: string): void {
  rmSync(folder, { recursive: true, force: true })
  const manifest = Manifest.parse(readManifest(room))
  const manifests = natives.map(({ name }) => NativeManifest.parse(readManifest(folderOf(name))))
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
    dependencies: Object.fromEntries(manifests.map(({ name, version }) => [name, version])),
  })
  for (const native of natives) stageNative(join(folder, 'node_modules', native.name), platform, native)
  for (const one of manifests) writeManifest(join(folder, 'node_modules', one.name), one)
}

/** Sources and the libraries of other systems are most of these packages: 37 MB of 42. */
function stageNative(folder: string, platform: string, { name, files }: (typeof natives)[number]): void {
  for (const file of files) cpSync(join(folderOf(name), file), join(folder, file), { recursive: true })
  const libraries = readdirSync(join(folderOf(name), 'prebuilds'))
  for (const library of libraries.filter((each) => each.startsWith(`${platform}-`))) {
    cpSync(join(folderOf(name), 'prebuilds', library), join(folder, 'prebuilds', library), {
      recursive: true,
      // Some have one for another runtime beside it.
      filter: (source) => !source.endsWith('.bare'),
    })
  }
}

const readManifest = (folder: string): unknown =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

function writeManifest(folder: string, manifest: object): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
}
