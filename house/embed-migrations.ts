import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Of each package that keeps a database, the module into which its migrations are written. */
export const embeddedIn = {
  'packages/db': 'src/sqlite/migrations.ts',
  'packages/sync': 'src/store/migrations.ts',
} as const

/**
 * The migrations of drizzle-kit as a module, so that whatever a package is bundled into carries them.
 * `npm run migrations -w @parley/db` and `-w @parley/sync` write it after drizzle-kit has made its files.
 */
export function embeddedMigrations(packageFolder: string): string {
  const folder = join(packageFolder, 'migrations')
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
  const entries = files.map((file) => {
    const sql = readFileSync(join(folder, file), 'utf8').replaceAll('--> statement-breakpoint', '')
    return `  {\n    name: '${file.slice(0, -'.sql'.length)}',\n    sql: \`\n${sql.replaceAll('`', '"').trim()}\n\`,\n  },\n`
  })
  return (
    '// Made from migrations/*.sql by house/embed-migrations.ts. Change the schema and run `npm run migrations`.\n' +
    `export const migrations: readonly { name: string; sql: string }[] = [\n${entries.join('')}]\n`
  )
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..')
  for (const [folder, target] of Object.entries(embeddedIn)) {
    writeFileSync(join(root, folder, target), embeddedMigrations(join(root, folder)))
  }
}
