import { expect, test } from 'vitest'
import { openMessage, sealMessage } from '../src/messages.ts'
import { Person, Stage } from './people.ts'

test('P8: what one member seals, another opens, and nothing of it can be read on the way', async () => {
  const [ada, bob] = [new Person(1), new Person(2)]
  const stage = new Stage([ada, bob])
  const grants = await stage.grant(ada)
  const bobs = stage.keyring()
  for (const grant of grants) await stage.open(bob.device, bobs, grant).catch(() => undefined)
  const place = stage.place(ada, 1)
  const sealed = sealMessage(stage.writing(ada.device), place, { text: 'hello' })
  expect(openMessage(stage.reading(bob, bobs), { place, sealed }).body).toEqual({ text: 'hello' })
  expect(Buffer.from(sealed, 'base64url').includes('hello')).toBe(false)
})
