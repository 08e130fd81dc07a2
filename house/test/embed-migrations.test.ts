import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { embeddedIn, embeddedMigrations } from '../embed-migrations.ts'

const root = join(import.meta.dirname, '..', '..')

test.each(Object.entries(embeddedIn))(
  'the embedded migrations of %s are those in its folder',
  (folder, module) => {
    const embedded = readFileSync(join(root, folder, module), 'utf8')
    expect(embedded).toBe(embeddedMigrations(join(root, folder)))
  },
)
