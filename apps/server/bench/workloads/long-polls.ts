import { connect, type Socket } from 'node:net'
import { pause } from '../load/clock.ts'
import type { Stage } from '../load/stage.ts'
import type { Workload } from '../workload.ts'
import { oneRoom, range } from './worlds.ts'

const polls = 2_000
const lookMs = 50
const headEnd = '\r\n\r\n'

/** One request on a connection that stays open, and its whole answer. */
function ask(socket: Socket, method: string, path: string, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (chunk: string) => {
      text += chunk
      const head = text.indexOf(headEnd)
      const length = /content-length: (\d+)/i.exec(text)?.[1]
      if (head === -1 || text.length < head + headEnd.length + Number(length)) return
      socket.off('data', read)
      resolve(text)
    }
    socket.on('data', read)
    socket.once('error', reject)
    const lines = [
      `${method} /gateway/poll/message/${path} HTTP/1.1`,
      'Host: bench',
      `Cookie: parley_poll=${token}`,
    ]
    socket.write(`${lines.join('\r\n')}\r\nContent-Length: 0${headEnd}`)
  })
}

async function opened({ address }: Stage): Promise<Socket> {
  const { hostname, port } = new URL(address)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  // Of answers in a bench every character is one byte.
  socket.setEncoding('latin1')
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  return socket
}

/** How many polls the server holds, as it says itself. */
async function held({ address }: Stage): Promise<number> {
  const text = await (await fetch(new URL('/metrics', address))).text()
  return Number(/^parley_readers (\d+)$/m.exec(text)?.[1])
}

/** Everybody in a room waits for a message by a poll of their own; one posts, and all have their answer. */
export const longPolls: Workload = {
  name: 'long-polls',
  title: `${polls.toLocaleString('en')} long polls let go by one post`,
  world: oneRoom(polls, 50),
  rounds: 7,
  sides: ['parley'],
  budgets: [{ figure: 'lastMs', unit: 'ms', atMost: 100 }],
  async prepare(stage) {
    const [room = ''] = stage.laid.rooms
    const query = `chatroomid=${room}`
    const token = (account: number) => stage.laid.tokens[account] ?? ''
    const sockets = await Promise.all(range(polls).map(() => opened(stage)))
    const poster = await opened(stage)
    const scene = {
      async round() {
        const answers = sockets.map((socket, account) =>
          ask(socket, 'GET', `longpoll/?${query}`, token(account)),
        )
        while ((await held(stage)) < polls) await pause(lookMs)
        const from = performance.now()
        const posted = ask(poster, 'POST', `sendMessage/?${query}&message=filler`, token(0))
        const texts = await Promise.all(answers)
        const lastMs = performance.now() - from
        await posted
        for (const text of texts) if (!text.startsWith('HTTP/1.1 200 ')) throw new Error(`a poll got ${text}`)
        return { lastMs }
      },
    }
    await scene.round()
    await scene.round()
    return scene
  },
}
