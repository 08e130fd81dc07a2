import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { isOurAddress, isOurPage } from '../../src/main/page/addresses.ts'
import { servePageFile } from '../../src/main/page/files.ts'

function page() {
  const folder = temporaryFolder()
  const renderer = join(folder.path, 'renderer')
  mkdirSync(join(renderer, 'assets'), { recursive: true })
  writeFileSync(join(renderer, 'index.html'), '<script nonce="__CSP_NONCE__"></script>')
  writeFileSync(join(renderer, 'assets/a.js'), 'let nonce = "__CSP_NONCE__"')
  writeFileSync(join(renderer, 'assets/a.js.map'), '{}')
  writeFileSync(join(renderer, '.env'), 'SECRET')
  writeFileSync(join(folder.path, 'main.js'), 'secret()')
  return {
    ask: (url: string, method = 'GET') => servePageFile(renderer, new Request(url, { method })),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

test('the page comes with its policy, and its nonce is that of the policy', async () => {
  using files = page()
  const answer = await files.ask('app://parley/index.html')
  const policy = answer.headers.get('content-security-policy') ?? ''
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
  expect(await answer.text()).toBe(`<script nonce="${nonce}"></script>`)
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(policy).not.toContain('unsafe-eval')
})

test('other files come as they are, by their kind', async () => {
  using files = page()
  const answer = await files.ask('app://parley/assets/a.js')
  expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await answer.text()).toBe('let nonce = "__CSP_NONCE__"')
})

describe('nothing else is there', () => {
  test.for([
    'app://parley/',
    'app://parley/assets',
    'app://parley/assets/none.js',
    'app://parley/assets/a.js.map',
    'app://parley/.env',
    'app://parley/../main.js',
    'app://parley/%2e%2e/main.js',
    'app://parley/..%2Fmain.js',
    'app://parley/..%5Cmain.js',
    'app://parley/assets//../../main.js',
    'app://parley//index.html',
    'app://other/index.html',
    'https://parley/index.html',
  ])('%s', async (url) => {
    using files = page()
    const answer = await files.ask(url)
    expect([answer.status, await answer.text()]).toEqual([404, ''])
  })

  test('for any method but GET', async () => {
    using files = page()
    expect((await files.ask('app://parley/index.html', 'POST')).status).toBe(404)
  })
})

describe('a sender is our page', () => {
  test('only as the outermost frame of our address', () => {
    expect(isOurPage({ url: 'app://parley/index.html', parent: null })).toBe(true)
    expect(isOurPage({ url: 'app://parley/index.html', parent: {} })).toBe(false)
    expect(isOurPage({ url: 'https://parley/index.html', parent: null })).toBe(false)
    expect(isOurPage(null)).toBe(false)
  })

  test.for([
    'app://parley.example/',
    'app://parley@evil/',
    'app:parley',
    'data:text/html,app://parley/',
    'about:blank',
    '',
  ])('and %j is another address', (address) => {
    expect(isOurAddress(address)).toBe(false)
  })
})
