import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, posix } from 'node:path'
import { type Plugin, build } from 'rolldown'
import described from '../package.json' with { type: 'json' }

/**
 * Makes the package that programs outside of this workspace install: `node build/package.ts [FOLDER]`, `dist` by
 * default. What is ours is bundled, as Node strips no types inside of `node_modules`; what is others' is installed with it.
 */

const room = join(import.meta.dirname, '..')
const root = join(room, '../..')
const out = process.argv[2] ?? join(room, 'dist')

/** What can be imported: `@parley/bot/open-bot`. */
const modules = ['open-bot', 'bot', 'bot-error', 'message']
/** The rooms whose sources are in it. */
const rooms = ['bot', 'sync', 'client', 'crypto', 'domain']

/** Threads are started from files of their own, which have to be there beside the bundle. */
const threads: Plugin = {
  name: 'threads',
  transform: {
    filter: { code: /-worker\.ts', import\.meta\.url/ },
    handler(code, importer) {
      const changed = code.replaceAll(
        /new URL\('([\w./-]+-worker)\.ts', import\.meta\.url\)/g,
        (_, path: string) => {
          const fileName = `${basename(path)}.js`
          this.emitFile({ type: 'chunk', id: join(dirname(importer), `${path}.ts`), fileName })
          return `new URL('./${fileName}', import.meta.url)`
        },
      )
      return { code: changed, map: null }
    },
  },
}

async function makePackage(): Promise<void> {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  await build({
    cwd: room,
    input: Object.fromEntries(modules.map((name) => [name, join(room, 'src', `${name}.ts`)])),
    external: (id) => !/^(\.|\/|@parley\/)/.test(id),
    platform: 'node',
    plugins: [threads],
    logLevel: 'warn',
    output: { dir: out, format: 'esm', chunkFileNames: 'shared-[hash].js', sourcemap: false },
  })
  declare()
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(description(), null, 2)}\n`)
  cpSync(join(root, 'docs/bots.md'), join(out, 'README.md'))
  cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'))
}

/** The compiler writes the declarations of all rooms; those that the package's own name are taken, a folder a room. */
function declare(): void {
  const draft = join(out, 'draft')
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const project = join(import.meta.dirname, 'tsconfig.json')
  execFileSync(process.execPath, [compiler, '--project', project, '--outDir', draft], { stdio: 'inherit' })
  const taken = new Set<string>()
  const take = (name: string) => {
    if (taken.has(name)) return
    taken.add(name)
    const { text, named } = declaration(draft, name)
    const file = join(out, 'types', `${name}.d.ts`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    named.forEach(take)
  }
  for (const module of modules) take(`bot/${module}`)
  rmSync(draft, { recursive: true })
}

/** A declaration that names the others by where they lie in the package. */
function declaration(draft: string, name: string): { text: string; named: readonly string[] } {
  const [of = '', ...path] = name.split('/')
  // The server's router says of errors alone what is not said elsewhere.
  if (of === 'api') {
    const text = `export type AppRouter = import('@trpc/server').AnyTRPCRouter\n`
    return { text, named: [] }
  }
  const named: string[] = []
  const text = readFileSync(join(draft, 'packages', of, 'src', `${path.join('/')}.d.ts`), 'utf8')
  const moved = text.replaceAll(/(['"])(\.{1,2}\/[^'"]+|@parley\/[^'"]+)\1/g, (_, __, from: string) => {
    const target = from.startsWith('.')
      ? posix.join(posix.dirname(name), from).replace(/\.ts$/, '')
      : from.slice('@parley/'.length)
    named.push(target)
    const relative = posix.relative(posix.dirname(name), target)
    return `'${relative.startsWith('.') ? relative : `./${relative}`}.js'`
  })
  return { text: moved, named }
}

function description(): object {
  const { name, version, license, description: about, engines } = described
  const needed = new Map(rooms.flatMap(dependenciesOf))
  // What checks signatures faster; without it Node's own does.
  const optional = [...needed].filter(([of]) => of === 'sodium-native')
  for (const [of] of optional) needed.delete(of)
  const places = modules.map((module): [string, object] => [
    `./${module}`,
    { types: `./types/bot/${module}.d.ts`, default: `./${module}.js` },
  ])
  return {
    name,
    version,
    description: about,
    license,
    type: 'module',
    exports: { ...Object.fromEntries(places), './package.json': './package.json' },
    engines,
    dependencies: Object.fromEntries(needed),
    optionalDependencies: Object.fromEntries(optional),
  }
}

function dependenciesOf(of: string): [string, string][] {
  const said: unknown = JSON.parse(readFileSync(join(root, 'packages', of, 'package.json'), 'utf8'))
  const listed: unknown = said instanceof Object && 'dependencies' in said ? said.dependencies : {}
  return Object.entries(listed instanceof Object ? listed : {}).flatMap(([name, version]) =>
    typeof version === 'string' && !name.startsWith('@parley/') ? [[name, version]] : [],
  )
}

await makePackage()
