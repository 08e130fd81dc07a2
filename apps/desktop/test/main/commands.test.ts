import { expect, test } from 'vitest'
import { Commands, commandsWaitingMax } from '../../src/main/commands.ts'

const find = { kind: 'menu', name: 'find' } as const
const back = { kind: 'menu', name: 'back' } as const

test('commands that come before the page listens wait for it, in order', async () => {
  const commands = new Commands()
  commands.send(find)
  commands.send(back)
  const heard = commands.listen(undefined)
  expect(await heard.next()).toEqual({ done: false, value: find })
  expect(await heard.next()).toEqual({ done: false, value: back })
  const next = heard.next()
  commands.send(find)
  expect(await next).toEqual({ done: false, value: find })
})

test('P5: the oldest that wait are given up', async () => {
  const commands = new Commands()
  commands.send(back)
  for (let count = 0; count < commandsWaitingMax; count += 1) commands.send(find)
  const heard = commands.listen(undefined)
  expect(await heard.next()).toEqual({ done: false, value: find })
})

test('a page that was loaded anew takes over, and the one before hears no more', async () => {
  const commands = new Commands()
  const before = commands.listen(undefined)
  const ended = before.next()
  const after = commands.listen(undefined)
  const next = after.next()
  commands.send(find)
  expect(await ended).toEqual({ done: true, value: undefined })
  expect(await next).toEqual({ done: false, value: find })
})

test('a page that goes leaves what comes for the next', async () => {
  const commands = new Commands()
  const stopping = new AbortController()
  const gone = commands.listen(stopping.signal)
  const ended = gone.next()
  stopping.abort()
  expect(await ended).toMatchObject({ done: true })
  commands.send(find)
  expect(await commands.listen(undefined).next()).toEqual({ done: false, value: find })
})
