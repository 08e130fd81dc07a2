import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'rolldown'
import described from '../package.json' with { type: 'json' }

/**
 * Makes the package that programs outside of this workspace install: `node build/package.ts [FOLDER]`, `dist` by
 * default. Within the workspace the sources run as they are. Node strips no types inside of `node_modules`, and what
 * the sources import of other rooms is not published; so the code is bundled, and the types are written out.
 */

const room = join(import.meta.dirname, '..')
const root = join(room, '../..')
const out = process.argv[2] ?? join(room, 'dist')

/** What can be imported: `@parley/client/connect`. */
const modules = ['connect', 'files', 'http', 'message-id', 'parley-error', 'sign-in']
const typesModule = 'types'

async function makePackage(): Promise<void> {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  await bundle()
  declare()
  describePackage()
  cpSync(join(room, 'README.md'), join(out, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'))
}

async function bundle(): Promise<void> {
  await build({
    cwd: room,
    input: Object.fromEntries(modules.map((name) => [name, join(room, 'src', `${name}.ts`)])),
    external: /^@trpc\//,
    platform: 'neutral',
    output: { dir: out, format: 'esm', chunkFileNames: 'shared-[hash].js', sourcemap: false },
  })
}

/** The compiler writes the declarations; they are then made to name nothing that is not in the package. */
function declare(): void {
  const draft = join(out, 'draft')
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const project = join(import.meta.dirname, 'tsconfig.json')
  execFileSync(process.execPath, [compiler, '--project', project, '--outDir', draft], { stdio: 'inherit' })
  const sources = join(draft, 'src')
  for (const name of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.d.ts')) continue
    const file = join(out, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, published(readFileSync(join(sources, name), 'utf8'), dirname(file)))
  }
  const types = readFileSync(join(draft, 'build/types.d.ts'), 'utf8')
  writeFileSync(join(out, `${typesModule}.d.ts`), typesOf(types))
  writeFileSync(join(out, `${typesModule}.js`), 'export {}\n')
  rmSync(draft, { recursive: true })
}

/** A declaration whose imports of other rooms come from the types that were written out. */
function published(text: string, folder: string): string {
  const types = relative(folder, join(out, typesModule)).replaceAll('\\', '/')
  return text
    .replaceAll(/(['"])@parley\/[\w/-]+\1/g, `'${types.startsWith('.') ? types : `./${types}`}.js'`)
    .replaceAll(/(from ['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2')
}

/** Constants that were declared for the sake of their types, as types. */
function typesOf(text: string): string {
  const types = text
    .slice(text.indexOf('import type { TRPCBuiltRouter'))
    .replaceAll(/^export declare const (\w+): /gm, 'export type $1 = ')
    .replaceAll(/\b(?:refusal\.(?=RefusalKind)|causes\.(?=SealedCause))/g, '')
  if (types.includes('@parley/')) throw new Error('The written types still name another room')
  return types
}

function describePackage(): void {
  const { name, version, license, description, engines, dependencies } = described
  const places = [...modules, typesModule].map((module): [string, object] => [
    `./${module}`,
    { types: `./${module}.d.ts`, default: `./${module}.js` },
  ])
  const text = JSON.stringify(
    {
      name,
      version,
      description,
      license,
      type: 'module',
      sideEffects: false,
      exports: { ...Object.fromEntries(places), './package.json': './package.json' },
      engines,
      // What is ours is in the bundle.
      dependencies: Object.fromEntries(
        Object.entries(dependencies).filter(([of]) => !of.startsWith('@parley/')),
      ),
    },
    null,
    2,
  )
  writeFileSync(join(out, 'package.json'), `${text}\n`)
}

await makePackage()
