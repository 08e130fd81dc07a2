import { expect, test } from 'vitest'
import { settingCharsMax } from '../src/limits.ts'
import { stage } from './stage.ts'

test('S36: what the app keeps for an account survives a restart, and is told of', async () => {
  await using on = await stage()
  const topics: string[] = []
  using _ = on.engine.onChange((touched) => void topics.push(...touched))
  on.engine.setSetting('theme', 'dark')
  on.engine.setSetting('sidebar.width', { pixels: 240, folded: [true, null] })
  await Promise.resolve()
  expect(topics).toEqual(['settings'])
  await using again = await on.device.reopen()
  expect(again.engine.getSetting('theme')).toBe('dark')
  expect(again.engine.getSetting('sidebar.width')).toEqual({ pixels: 240, folded: [true, null] })
  again.engine.setSetting('theme', null)
  expect(again.engine.getSetting('theme')).toBeNull()
})

test('S36: a setting that is no JSON, too large or wrongly named is refused', async () => {
  await using on = await stage()
  expect(() => on.engine.setSetting('Theme', 1)).toThrow(expect.objectContaining({ kind: 'invalid-input' }))
  expect(() => on.engine.setSetting('x', Number.NaN)).toThrow(
    expect.objectContaining({ kind: 'invalid-input' }),
  )
  expect(() => on.engine.setSetting('x', 'x'.repeat(settingCharsMax))).toThrow(
    expect.objectContaining({ kind: 'too-large' }),
  )
  expect(on.engine.getSetting('x')).toBeNull()
})

test('S37: what the store takes up on the device is known, and what copies take up can be given back', async () => {
  await using on = await stage()
  const before = on.engine.storage()
  expect(before).toMatchObject({ messages: 0, attachments: 0, attachmentBytes: 0, outgoingBytes: 0 })
  expect(before.bytes).toBeGreaterThan(0)
  const content = new Uint8Array(2_000_000)
  const file = await on.engine.addAttachment(on.id, { name: 'x', mediaType: '', content })
  const during = on.engine.storage()
  expect(during.outgoingBytes).toBe(2_000_000)
  expect(during.bytes).toBeGreaterThan(before.bytes + 2_000_000)
  on.engine.removeDraftAttachment(file.id)
  await on.engine.clearAttachmentCache()
  expect(on.engine.storage()).toMatchObject({ messages: 0, outgoingBytes: 0 })
})

test('S37: whether the whole history is kept is known, also after a restart', async () => {
  await using on = await stage()
  expect(on.engine.storage().keepsEverything).toBe(false)
  on.engine.keepEverything(true)
  await using again = await on.device.reopen()
  expect(again.engine.storage().keepsEverything).toBe(true)
})
