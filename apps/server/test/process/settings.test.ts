import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { readSettings, WrongSettings } from '../../src/settings/read-settings.ts'
import { settingNames } from '../../src/settings/schema.ts'

interface Given {
  flags?: Record<string, string>
  environment?: Record<string, string>
  file?: unknown
}

/** Reads settings in a folder with, if given, a file that the flag --config names. */
function read({ flags = {}, environment = {}, file }: Given) {
  using folder = temporaryFolder()
  if (file !== undefined) {
    writeFileSync(join(folder.path, 'parley.json'), typeof file === 'string' ? file : JSON.stringify(file))
  }
  const named = new Map([
    ...(file === undefined ? [] : [['config', 'parley.json'] as const]),
    ...Object.entries(flags),
  ])
  return readSettings({ flags: named, environment, folder: folder.path })
}

function problemsOf(given: Given): readonly string[] {
  try {
    read(given)
  } catch (error) {
    if (error instanceof WrongSettings) return error.problems
    throw error
  }
  return []
}

describe('where settings come from', () => {
  test('without any, the defaults hold: this machine only, sign-up by invite link', () => {
    expect(read({})).toMatchObject({
      host: '127.0.0.1',
      port: 4100,
      signUp: 'invite',
      rateFactor: 1,
      gateways: [],
    })
  })

  test.each([
    ['a flag', { flags: { 'sign-up': 'open', port: '7', gateways: 'poll, direct', 'oidc-label': 'Us' } }],
    [
      'the environment',
      {
        environment: {
          PARLEY_SIGN_UP: 'open',
          PARLEY_PORT: '7',
          PARLEY_GATEWAYS: 'poll,direct',
          PARLEY_OIDC_LABEL: 'Us',
        },
      },
    ],
    ['the file', { file: { signUp: 'open', port: 7, gateways: ['poll', 'direct'], oidc: { label: 'Us' } } }],
  ])('%s gives texts, numbers, lists and those of a group', (_, given) => {
    expect(read(given)).toMatchObject({
      signUp: 'open',
      port: 7,
      gateways: ['poll', 'direct'],
      oidc: { label: 'Us' },
    })
  })

  test('a flag goes before the environment, that before the file, and that before the default', () => {
    const file = { port: 1, serverName: 'file', oidc: { label: 'file' }, logLevel: 'error' }
    const environment = {
      PARLEY_PORT: '2',
      PARLEY_SERVER_NAME: 'environment',
      PARLEY_OIDC_LABEL: 'environment',
    }
    const flags = { port: '3', 'server-name': 'flag' }
    expect(read({ flags, environment, file })).toMatchObject({
      port: 3,
      serverName: 'flag',
      oidc: { label: 'environment' },
      logLevel: 'error',
      signUp: 'invite',
    })
  })

  test('every setting has a flag, a variable and a key of its own', () => {
    const names = settingNames()
    for (const one of ['key', 'flag', 'variable'] as const) {
      expect(new Set(names.map((name) => name[one])).size).toBe(names.length)
    }
    expect(names).toContainEqual(
      expect.objectContaining({
        key: 'bridge.verifyUrl',
        flag: 'bridge-verify-url',
        variable: 'PARLEY_BRIDGE_VERIFY_URL',
      }),
    )
  })

  test('every setting can be given by its flag, its variable and its key', () => {
    const values: Record<string, unknown> = {
      host: '0.0.0.0',
      port: 1,
      data: '/somewhere',
      publicUrl: 'https://chat.example.org',
      serverName: 'Ours',
      allowedOrigins: ['https://app.example.org'],
      signUp: 'closed',
      passwords: 'on',
      rateFactor: 2.5,
      gateways: ['sealed'],
      trustedProxies: ['10.0.0.0/8', '::1'],
      'oidc.issuer': 'https://id.example.org',
      'oidc.clientId': 'parley',
      'oidc.clientSecret': 'a secret',
      'oidc.label': 'Ours',
      'oidc.scopes': ['openid'],
      'bridge.verifyUrl': 'https://app.example.org/verify',
      attachmentBytesMax: 1_000,
      dataPagesMax: 1_000,
      metricsToken: 'a token of 16 signs',
      logLevel: 'warn',
      logFormat: 'text',
    }
    const flags: Record<string, string> = {}
    const environment: Record<string, string> = {}
    const file: Record<string, unknown> = {}
    const groups: Record<string, Record<string, unknown>> = {}
    for (const { key, flag, variable, path } of settingNames()) {
      const value = values[key]
      expect(value, `this test has a value for ${key}`).toBeDefined()
      flags[flag] = String(value)
      environment[variable] = String(value)
      const [first = '', second] = path
      if (second === undefined) file[first] = value
      else file[first] = Object.assign((groups[first] ??= {}), { [second]: value })
    }
    const byFlags = read({ flags })
    expect(read({ environment })).toEqual(byFlags)
    expect(read({ file })).toEqual(byFlags)
    expect(byFlags).toMatchObject({
      port: 1,
      trustedProxies: ['10.0.0.0/8', '::1'],
      oidc: { scopes: ['openid'] },
    })
  })

  test('a relative data folder is one beside the file that names it, else one below where the command runs', () => {
    using folder = temporaryFolder()
    mkdirSync(join(folder.path, 'etc'))
    writeFileSync(join(folder.path, 'etc/parley.json'), '{ "data": "store" }')
    const sources = { environment: {}, folder: folder.path }
    expect(readSettings({ ...sources, flags: new Map([['config', 'etc/parley.json']]) }).data).toBe(
      join(folder.path, 'etc/store'),
    )
    expect(readSettings({ ...sources, flags: new Map([['data', 'store']]) }).data).toBe(
      join(folder.path, 'store'),
    )
  })

  test('the file can be named by the environment', () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'parley.json'), '{ "port": 9 }')
    const environment = { PARLEY_CONFIG: 'parley.json' }
    expect(readSettings({ flags: new Map(), environment, folder: folder.path }).port).toBe(9)
  })
})

describe('P9: a wrong setting is refused by its name, and says where it came from', () => {
  test.each<[string, Given, string[]]>([
    ['a flag that is no number', { flags: { port: 'x1' } }, ['port', 'the flag --port', '"x1"']],
    ['an empty number', { flags: { port: '' } }, ['port', 'the flag --port']],
    ['a port that there is not', { environment: { PARLEY_PORT: '65536' } }, ['port', 'PARLEY_PORT', '65536']],
    ['half a port', { flags: { port: '80.5' } }, ['port', '--port']],
    [
      'a word that is none of those',
      { flags: { 'sign-up': 'maybe' } },
      ['signUp', '--sign-up', '"maybe"', 'open'],
    ],
    ['a factor of nothing', { flags: { 'rate-factor': '0' } }, ['rateFactor', '--rate-factor']],
    ['a number as a text in the file', { file: { port: '4100' } }, ['port', '"port" in', 'parley.json']],
    ['a gateway that there is not', { flags: { gateways: 'poll,pool' } }, ['gateways', '--gateways', 'pool']],
    [
      'an address that is none',
      { flags: { 'public-url': 'ftp://x' } },
      ['publicUrl', '--public-url', 'http'],
    ],
    [
      'a page as an origin',
      { flags: { 'allowed-origins': 'https://x.org/a' } },
      ['allowedOrigins', 'must be an origin'],
    ],
    [
      'a block that is none',
      { flags: { 'trusted-proxies': '10.0.0.0/33' } },
      ['trustedProxies', '--trusted-proxies'],
    ],
    [
      'an issuer without a client',
      { flags: { 'oidc-issuer': 'https://x.org' } },
      ['oidc.clientId', 'is needed'],
    ],
    [
      'an issuer across the network without encryption',
      { flags: { 'oidc-issuer': 'http://id.example.org', 'oidc-client-id': 'parley' } },
      ['oidc.issuer', '--oidc-issuer', 'https://'],
    ],
    ['scopes that ask for nobody', { flags: { 'oidc-scopes': 'email' } }, ['oidc.scopes', 'openid']],
    [
      'nobody who could sign in',
      { flags: { passwords: 'off' } },
      ['passwords', '--passwords', 'oidc.issuer'],
    ],
    ['too few pages', { flags: { 'data-pages-max': '1' } }, ['dataPagesMax', '--data-pages-max']],
    ['an empty folder', { environment: { PARLEY_DATA: '' } }, ['data', 'PARLEY_DATA']],
  ])('%s', (_, given, words) => {
    const problems = problemsOf(given)
    expect(problems).toHaveLength(1)
    for (const word of words) expect(problems[0]).toContain(word)
  })

  test.each<[string, Given, string]>([
    ['flag', { flags: { prot: '1' } }, 'The flag --prot is unknown.'],
    ['variable', { environment: { PARLEY_PROT: '1' } }, 'PARLEY_PROT is unknown'],
    ['key', { file: { prot: 1 } }, '"prot" in'],
    ['key of a group', { file: { oidc: { isuer: 'x' } } }, '"oidc.isuer" in'],
    ['group', { file: { oidc: 7 } }, '"oidc" in'],
  ])('an unknown %s', (_, given, words) => {
    expect(problemsOf(given)).toEqual([expect.stringContaining(words)])
  })

  test.each<[string, unknown, string]>([
    ['is no JSON', '{ "metricsToken": "hidden-in-here", }', 'is not JSON'],
    ['holds no object', [], 'must hold a JSON object'],
  ])('a file that %s', (_, file, words) => {
    expect(problemsOf({ file })).toEqual([expect.stringContaining(words)])
  })

  test.for(['http://127.0.0.1:5000', 'http://localhost/realm', 'http://[::1]:1', 'https://id.example.org'])(
    'an issuer at %s is taken',
    (issuer) => {
      expect(problemsOf({ flags: { 'oidc-issuer': issuer, 'oidc-client-id': 'parley' } })).toEqual([])
    },
  )

  test('a file that is not there', () => {
    expect(problemsOf({ flags: { config: 'nowhere.json' } })).toEqual([
      expect.stringContaining('nowhere.json'),
    ])
  })

  test('all that is wrong is said at once', () => {
    expect(problemsOf({ flags: { port: 'x', 'sign-up': 'x' }, environment: { PARLEY_X: '1' } })).toHaveLength(
      3,
    )
  })

  test('what a secret is does not show in what is said of it', () => {
    for (const given of [
      { flags: { 'metrics-token': 'hidden' } },
      { file: { metricsToken: ['hidden'] } },
      { file: { oidc: { clientSecret: { hidden: 1 } } } },
      { file: '{ "metricsToken": "hidden" ' },
    ]) {
      const problems = problemsOf(given)
      expect(problems).not.toEqual([])
      expect(problems.join()).not.toContain('hidden')
    }
  })
})
