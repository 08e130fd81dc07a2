import { describe, expect, test } from 'vitest'
import { parseLink } from '../../src/main/link.ts'
import { inviteLink, readInvitation } from '../../src/renderer/entry/join-link.ts'
import { spokenAddress } from '../../src/renderer/entry/last-server.ts'

const secret = 'twmQSB9fyXGa6xMZT591H69Hd79E8OPn8liaO2IwxEw'

describe('an invitation is read however it was pasted', () => {
  test.for([
    [
      'as a link of the app',
      `parley://join?server=https://chat.example.org#${secret}`,
      'https://chat.example.org',
    ],
    [
      'with its address encoded',
      `parley://join?server=https%3A%2F%2Fchat.example.org#${secret}`,
      'https://chat.example.org',
    ],
    ['as the server prints it', `http://127.0.0.1:4100/#invite=${secret}`, 'http://127.0.0.1:4100'],
    ['of a server below a path', `https://example.org/chat/#invite=${secret}`, 'https://example.org/chat'],
    ['with space around it', `  https://chat.example.org/#invite=${secret}\n`, 'https://chat.example.org'],
    ['as the secret alone', secret, null],
  ] as const)('%s', ([, pasted, server]) => {
    expect(readInvitation(pasted)).toEqual({ server, secret })
  })
})

describe('what is no invitation is not taken for one', () => {
  test.for([
    ['the address of a server', 'chat.example.org'],
    ['the address of a server with its scheme', 'https://chat.example.org'],
    ['a short word', 'localhost'],
    ['a link without a secret', 'parley://join?server=https://chat.example.org'],
    ['a link without a server', `parley://join#${secret}`],
    ['another link of the app', `parley://open?server=https://chat.example.org#${secret}`],
    ['a page with another fragment', `https://chat.example.org/#${secret}`],
    ['a link with a name before an @', `https://chat.example.org@evil.example/#invite=${secret}`],
    ['a secret with something behind it', `https://chat.example.org/#invite=${secret}&more`],
    ['another scheme', `javascript://chat.example.org/#invite=${secret}`],
    ['nothing', ''],
  ] as const)('%s', ([, pasted]) => {
    expect(readInvitation(pasted)).toBeNull()
  })
})

test('the link that an operator copies is one that the app follows, and that can be pasted', () => {
  const link = inviteLink('https://chat.example.org', secret)
  expect(link).toBe(`parley://join?server=https://chat.example.org#${secret}`)
  expect(parseLink(link)).toMatchObject({ kind: 'join', server: 'https://chat.example.org', secret })
  expect(readInvitation(link)).toEqual({ server: 'https://chat.example.org', secret })
})

test('an address that could end the query is kept whole in a link', () => {
  const server = 'https://example.org/a&b=c#d'
  expect(readInvitation(inviteLink(server, secret))).toEqual({ server, secret })
})

test('an address is shown as people say it', () => {
  expect(spokenAddress('https://chat.example.org/')).toBe('chat.example.org')
  expect(spokenAddress('http://127.0.0.1:4100')).toBe('127.0.0.1:4100')
})
