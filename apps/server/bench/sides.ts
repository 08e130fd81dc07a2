import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bareRoom, bareToken } from './bare/names.ts'
import type { ProtocolName } from './load/protocol.ts'
import { layParley } from './parley/lay.ts'
import type { Laid, World } from './world.ts'

/** One server to measure: how its data is laid down, and how it is started upon it. */
export interface Side {
  name: string
  protocol: ProtocolName
  /** Writes the world into an empty folder. */
  lay(world: World, folder: string): Promise<Laid>
  /** Script and arguments that serve the folder. */
  serve(folder: string): string[]
}

const bareScript = fileURLToPath(new URL('bare/main.ts', import.meta.url))

const bare = (name: string, ...flags: string[]): Side => ({
  name,
  protocol: 'bare',
  async lay(world, folder) {
    await writeFile(join(folder, 'world.json'), JSON.stringify(world))
    return {
      tokens: Array.from({ length: world.accounts }, (_, account) => bareToken(account)),
      rooms: world.rooms.map((_, room) => bareRoom(room)),
      head: world.rooms.reduce((sum, room) => sum + room.messages, 0),
    }
  },
  serve: (folder) => [bareScript, '--data', folder, ...flags],
})

/** The file that `parley serve` runs; `npm run build` makes it. */
const parleyScript = fileURLToPath(new URL('../dist/parley.js', import.meta.url))

const parley: Side = {
  name: 'parley',
  protocol: 'parley',
  lay: layParley,
  serve: (folder) => [
    parleyScript,
    'serve',
    ...['--port', '0', '--data', folder, '--sign-up', 'open', '--rate-factor', '1000', '--log-level', 'warn'],
    // One address stands for all clients here, as a proxy's does.
    ...['--gateways', 'poll', '--trusted-proxies', '127.0.0.1'],
  ],
}

export const sides: readonly Side[] = [
  bare('bare'),
  bare('bare-each', '--frames', 'each'),
  bare('bare-worker', '--commit', 'worker'),
  parley,
]

export const defaultSides = 'bare,parley'
