import { describe, expect, test } from 'vitest'
import { linkAmong, parseLink } from '../../src/main/link.ts'

const conversationId = 'cAAAAAAAAAAAAAAA'

describe('a link that names something of Parley is followed', () => {
  test.for([
    [
      `parley://open?conversation=${conversationId}`,
      { kind: 'open-message', server: null, conversationId, messageId: null },
    ],
    [
      `parley://open/?conversation=${conversationId}&message=12&server=https://chat.example.org/`,
      { kind: 'open-message', server: 'https://chat.example.org', conversationId, messageId: 12 },
    ],
    [
      'parley://join?server=https://chat.example.org#s3cret_-',
      { kind: 'join', server: 'https://chat.example.org', conversationId: null, secret: 's3cret_-' },
    ],
    [
      `parley://join?server=https%3A%2F%2Fexample.org%2Fchat%2F&conversation=${conversationId}#s`,
      { kind: 'join', server: 'https://example.org/chat', conversationId, secret: 's' },
    ],
    [
      `parley://join?server=https://chat.example.org&conversation=${conversationId}#seed.chain`,
      { kind: 'join', server: 'https://chat.example.org', conversationId, secret: 'seed.chain' },
    ],
    [
      'parley://join?server=http://localhost:8080#s',
      { kind: 'join', server: 'http://localhost:8080', conversationId: null, secret: 's' },
    ],
    [
      'parley://join?server=http://192.168.1.20:8080#s',
      { kind: 'join', server: 'http://192.168.1.20:8080', conversationId: null, secret: 's' },
    ],
    ['parley://signed-in', { kind: 'signed-in' }],
  ] as const)('%s', ([text, link]) => {
    expect(parseLink(text)).toEqual(link)
  })
})

describe('P9: every other link is refused', () => {
  test.for([
    '',
    'parley:',
    'parley://',
    'parley://elsewhere',
    'https://open?conversation=cAAAAAAAAAAAAAAA',
    'javascript:alert(1)',
    'parley://open',
    'parley://open?conversation=../../etc',
    'parley://open?conversation=cAAAAAAAAAAAAAAA&message=0',
    'parley://open?conversation=cAAAAAAAAAAAAAAA&message=1e3',
    'parley://open?conversation=cAAAAAAAAAAAAAAA&message=99999999999999999999',
    'parley://open?conversation=cAAAAAAAAAAAAAAA&conversation=cBBBBBBBBBBBBBBB',
    'parley://open?conversation=cAAAAAAAAAAAAAAA&then=delete',
    'parley://open?conversation=cAAAAAAAAAAAAAAA#fragment',
    'parley://open/deeper?conversation=cAAAAAAAAAAAAAAA',
    'parley://somebody@open?conversation=cAAAAAAAAAAAAAAA',
    'parley://open:80?conversation=cAAAAAAAAAAAAAAA',
    'parley://join?server=https://chat.example.org',
    'parley://join?server=https://chat.example.org&secret=s',
    'parley://join?server=https://chat.example.org&secret=s#s',
    'parley://join#s',
    'parley://join?server=https://chat.example.org#a.b.c',
    'parley://join?server=https://chat.example.org#a.',
    'parley://join?server=http://chat.example.org#s',
    'parley://join?server=http://192.168.1.20.example.org#s',
    'parley://join?server=http://8.8.8.8#s',
    'parley://join?server=file:///etc#s',
    'parley://join?server=https://me:pass@chat.example.org#s',
    'parley://join?server=https://chat.example.org/?x=1#s',
    'parley://join?server=https://chat.example.org#<script>',
    'parley://signed-in?code=stolen',
    `parley://join?server=https://chat.example.org#${'s'.repeat(3_000)}`,
  ])('%s', (text) => {
    expect(parseLink(text)).toBeNull()
  })
})

test('of a command line, the last argument that is a link counts, and no other argument', () => {
  expect(linkAmong(['parley', '--hidden', '/home/ann/parley:notes'])).toBeNull()
  expect(linkAmong(['parley', 'parley://signed-in', '--allow-file-access'])).toEqual({ kind: 'signed-in' })
  expect(linkAmong(['parley', 'parley://signed-in', 'parley://bad'])).toBeNull()
})
