import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { WebSocketServer } from 'ws'
import { storedBodies, worldSchema } from '../world.ts'
import { type Committer, commitHere, commitInWorker } from './committer.ts'
import { bareAccount, bareRoom, bareToken } from './names.ts'
import { type Members, RoomServer, tokenHash } from './room-server.ts'
import { openStore, type Said } from './store.ts'

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string', default: '.' },
    /** `group`: one frame for all that a commit group has for a reader; `each`: one frame a message. */
    frames: { type: 'string', default: 'group' },
    /** Where transactions run: `main` thread or `worker` thread. */
    commit: { type: 'string', default: 'main' },
  },
})

const world = worldSchema.parse(JSON.parse(readFileSync(join(flags.data, 'world.json'), 'utf8')))
const members: Members = { accounts: new Map(), roomsOf: new Map() }
for (let account = 0; account < world.accounts; account++) {
  members.accounts.set(tokenHash(bareToken(account)), bareAccount(account))
  members.roomsOf.set(bareAccount(account), [])
}
for (const [index, room] of world.rooms.entries()) {
  for (const member of room.members) members.roomsOf.get(bareAccount(member))?.push(bareRoom(index))
}

function* storedMessages(): Generator<Said & { body: string }> {
  let position = 0
  for (const stored of storedBodies(world)) {
    position++
    const [room, author, clientId] = [bareRoom(stored.room), bareAccount(stored.author), `stored-${position}`]
    const event = { position, room, author, id: clientId, at: 0, body: stored.body }
    yield { position, room, author, clientId, json: JSON.stringify(event), body: stored.body }
  }
}

const file = join(flags.data, 'bare.db')
const store = openStore(file)
store.load(storedMessages())
const rooms = new RoomServer(store, members, flags.frames === 'group')
const committer: Committer =
  flags.commit === 'worker' ? commitInWorker(file, rooms.committed) : commitHere(store, rooms.committed)

const http = createServer()
new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
  rooms.accept(socket, committer)
})
http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})

// An orderly end, so that a CPU profile gets written.
process.on('SIGTERM', () => process.exit(0))
