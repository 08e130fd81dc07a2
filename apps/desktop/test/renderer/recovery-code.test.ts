import { expect, test } from 'vitest'
import { codeText } from '../../src/renderer/encryption/keep-code.ts'

test('who finds a saved recovery code years later is told whose it is, of where, since when, and what it does', () => {
  const text = codeText({
    code: 'AAAA-BBBB',
    displayName: 'Ada Lovelace',
    username: 'ada',
    serverName: 'Lindenhof',
    url: 'https://chat.example.org',
    madeAt: Date.UTC(2026, 10, 20, 12),
  })
  for (const part of ['AAAA-BBBB', 'Ada Lovelace (ada)', 'Lindenhof, https://chat.example.org', '2026'])
    expect(text).toContain(part)
  expect(text).toContain('It opens your encrypted conversations on a new device')
})
