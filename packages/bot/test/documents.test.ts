import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('the example of docs/bots.md is the program that is tested, and short', async () => {
  const program = await readFile(join(import.meta.dirname, 'echo.ts'), 'utf8')
  const said = await readFile(join(import.meta.dirname, '../../../docs/bots.md'), 'utf8')
  expect(said).toContain(`\`\`\`ts\n${program}\`\`\``)
  expect(program.split('\n').length).toBeLessThan(20)
})
