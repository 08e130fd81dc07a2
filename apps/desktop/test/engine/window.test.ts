import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { openDevice } from './device.ts'

const person = (username: string) => ({ username, password: 'correct horse battery' })

test('how the window was left is kept with its account, also over a restart, and never written to another', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine } = device
  const { url } = server
  const keyOfOpen = async () => {
    const state = await engine.app.state.query()
    if (state.kind !== 'signed-in') throw new Error('Nobody is in')
    return state.account.key
  }
  await engine.servers.signUp.mutate({ url, ...person('ada') })
  const ada = await keyOfOpen()
  expect(await engine.window.left.query()).toBeNull()
  await engine.window.leave.mutate({ account: ada, state: { place: 'garden' } })
  await device.restart()
  expect(await engine.window.left.query()).toEqual({ place: 'garden' })

  await engine.servers.signUp.mutate({ url, ...person('bob') })
  // The window of before says once more how it was left, too late.
  await engine.window.leave.mutate({ account: ada, state: { place: 'kitchen' } })
  expect(await engine.window.left.query()).toBeNull()
  await engine.app.switchTo.mutate({ key: ada })
  expect(await engine.window.left.query()).toEqual({ place: 'garden' })
})
