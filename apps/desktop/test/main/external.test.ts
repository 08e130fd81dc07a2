import { expect, test } from 'vitest'
import { externalAddress } from '../../src/main/desk/external.ts'

test.for([
  ['https://example.org/a?b=c#d', 'https://example.org/a?b=c#d'],
  ['http://example.org', 'http://example.org/'],
  ['mailto:ann@example.org?subject=Hello', 'mailto:ann@example.org?subject=Hello'],
  ['HTTPS://EXAMPLE.ORG', 'https://example.org/'],
])('%j is opened', ([address = '', opened]) => {
  expect(externalAddress(address)).toBe(opened)
})

test.for([
  '',
  'example.org',
  'file:///etc/passwd',
  'smb://server/share',
  'javascript:alert(1)',
  'data:text/html,hello',
  'app://parley/index.html',
  'parley://open',
  'ms-msdt:/id',
  'vscode://file/etc',
  'https://bank.example@evil.example/',
  `https://example.org/${'a'.repeat(2_000)}`,
])('P9: %j is refused', (address) => {
  expect(() => externalAddress(address)).toThrow(expect.objectContaining({ kind: 'invalid-input' }))
})
