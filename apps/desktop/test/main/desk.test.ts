import { callTRPCProcedure } from '@trpc/server'
import { describe, expect, test } from 'vitest'
import { Changing } from '../../src/main/changing.ts'
import { Commands } from '../../src/main/commands.ts'
import { deskRouter } from '../../src/main/desk.ts'
import { ChosenFiles } from '../../src/main/desk/chosen-files.ts'
import type { DeskServices, UpdateState } from '../../src/main/desk/services.ts'
import type { DeskCaller } from '../../src/main/desk/trpc.ts'
import { defaultSettings, type SettingsChange } from '../../src/main/settings/schema.ts'
import type { Attention } from '../../src/main/window/attention.ts'

/** A desk on a system that does nothing and remembers what it was asked to do. */
function quietDesk() {
  const done: string[] = []
  const settings = Object.assign(new Changing(defaultSettings), {
    change(change: SettingsChange) {
      done.push(`settings ${JSON.stringify(change)}`)
      return defaultSettings
    },
  })
  const services: DeskServices = {
    info: {
      name: 'Parley',
      version: '1',
      electron: '1',
      chrome: '1',
      node: '1',
      platform: 'linux',
      arch: 'x64',
      packaged: false,
      folder: '/',
    },
    settings,
    keyring: {
      protection: async () => 'keyring',
      protect: async (secret) => secret,
      unprotect: async (wrapped) => wrapped,
    },
    updates: {
      state: new Changing<UpdateState>({ kind: 'off' }),
      check: async () => void done.push('check'),
      install: () => void done.push('install'),
    },
    commands: new Commands(),
    attention: new Changing<Attention>({ focused: false, visible: false }),
    files: new ChosenFiles({ pick: async () => [], save: async () => '/tmp/saved.txt' }),
    printToFile: async (name) => {
      done.push(`print ${name}`)
      return name
    },
    notices: {
      show: ({ title }) => void done.push(`show ${title}`),
      withdraw: ({ account }) => void done.push(`withdraw ${account}`),
    },
    setUnread: (unread) => void done.push(`unread ${unread}`),
    askAttention: () => void done.push('attention'),
    openExternal: async (url) => void done.push(`open ${url}`),
    spellingLanguages: () => ['en-GB'],
  }
  return { services, done }
}

type Type = 'query' | 'mutation' | 'subscription'
const notice = { account: 'a', conversationId: 'c', messageId: 1, title: 'Ann', body: 'Hello' }
const secret = new Uint8Array([1])

/** Every procedure, what it is called with, and who may. */
const procedures: Record<string, { type: Type; input?: unknown; for: readonly DeskCaller[] }> = {
  appInfo: { type: 'query', for: ['window', 'engine'] },
  commands: { type: 'subscription', for: ['window'] },
  openExternal: { type: 'mutation', input: { url: 'https://example.org' }, for: ['window', 'engine'] },
  'files.pick': { type: 'mutation', for: ['window'] },
  'files.save': { type: 'mutation', input: { suggestedName: 'a.txt' }, for: ['window'] },
  'files.print': { type: 'mutation', input: { suggestedName: 'a.pdf' }, for: ['window'] },
  'files.claim': { type: 'mutation', input: { handle: crypto.randomUUID() }, for: ['engine'] },
  'keys.protection': { type: 'query', for: ['window', 'engine'] },
  'keys.protect': { type: 'mutation', input: { secret }, for: ['engine'] },
  'keys.unprotect': { type: 'mutation', input: { wrapped: secret }, for: ['engine'] },
  'notices.show': { type: 'mutation', input: notice, for: ['engine'] },
  'notices.withdraw': { type: 'mutation', input: { account: 'a' }, for: ['engine'] },
  'notices.badge': { type: 'mutation', input: { unread: 2 }, for: ['engine'] },
  'notices.askAttention': { type: 'mutation', for: ['engine'] },
  'notices.attention': { type: 'subscription', for: ['engine'] },
  'settings.get': { type: 'query', for: ['window', 'engine'] },
  'settings.set': { type: 'mutation', input: { theme: 'dark' }, for: ['window'] },
  'settings.changes': { type: 'subscription', for: ['window', 'engine'] },
  'settings.spellingLanguages': { type: 'query', for: ['window'] },
  'updates.state': { type: 'query', for: ['window'] },
  'updates.changes': { type: 'subscription', for: ['window'] },
  'updates.check': { type: 'mutation', for: ['window'] },
  'updates.install': { type: 'mutation', for: ['window'] },
}

/** @returns the kind of what it was refused with, or null. */
async function refusalOf(path: string, type: Type, caller: DeskCaller, input: unknown) {
  const { services, done } = quietDesk()
  const call = callTRPCProcedure({
    router: deskRouter,
    path,
    type,
    ctx: { caller, services },
    getRawInput: async () => input,
    signal: undefined,
    batchIndex: 0,
  })
  const refusal = await call.then(
    () => null,
    (error: unknown) => (error instanceof Error && error.cause ? error.cause : error),
  )
  return { refusal, done }
}

test('the table below names every procedure', () => {
  expect(Object.keys(deskRouter._def.procedures).toSorted()).toEqual(Object.keys(procedures).toSorted())
})

describe.each(Object.entries(procedures))('%s', (path, { type, input, for: allowed }) => {
  test.each(['window', 'engine'] as const)(
    'is answered or refused to the %s as the table says',
    async (caller) => {
      const { refusal, done } = await refusalOf(path, type, caller, input)
      const refusedAsNotAllowed = (refusal as { kind?: string } | null)?.kind === 'not-allowed'
      expect(refusedAsNotAllowed).toBe(!allowed.includes(caller))
      if (refusedAsNotAllowed) expect(done).toEqual([])
    },
  )
})

describe('P9: what is no such thing is refused, and nothing is done', () => {
  test.for([
    ['openExternal', 'engine', { url: 'file:///etc/passwd' }],
    ['settings.set', 'window', { theme: 'pink' }],
    ['settings.set', 'window', { path: '/etc/passwd' }],
    ['notices.show', 'engine', { ...notice, body: 'x'.repeat(501) }],
    ['notices.badge', 'engine', { unread: -1 }],
    ['keys.protect', 'engine', { secret: 'text' }],
    ['keys.protect', 'engine', { secret: new Uint8Array(10_000) }],
    ['files.save', 'window', { suggestedName: '' }],
    ['files.print', 'window', { suggestedName: '' }],
    ['files.claim', 'engine', { handle: '/etc/passwd' }],
  ] as const)('%j', async ([path, caller, input]) => {
    const { refusal, done } = await refusalOf(path, 'mutation', caller, input)
    expect(refusal).toBeInstanceOf(Error)
    expect(done).toEqual([])
  })
})
