import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes the migrations of drizzle-kit into a module, so that whatever the engine is bundled into carries them.
 * `npm run migrations -w @parley/sync` runs it after drizzle-kit.
 */
const folder = new URL('../migrations/', import.meta.url)
const target = new URL('../src/store/migrations.ts', import.meta.url)

export const embeddedMigrations = () => {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()
  const entries = files.map((file) => {
    const sql = readFileSync(new URL(file, folder), 'utf8').replaceAll('--> statement-breakpoint', '')
    return `  {\n    name: '${file.slice(0, -'.sql'.length)}',\n    sql: \`\n${sql.replaceAll('`', '"').trim()}\n\`,\n  },\n`
  })
  return (
    '// Made from migrations/*.sql by build/embed-migrations.ts. Change the schema and run `npm run migrations`.\n' +
    `export const migrations: readonly { name: string; sql: string }[] = [\n${entries.join('')}]\n`
  )
}

if (import.meta.main) writeFileSync(target, embeddedMigrations())
