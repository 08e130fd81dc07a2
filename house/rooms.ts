/** Whether a room's sources may use Node's own modules, or have to run in a browser too. */
type Platform = 'node' | 'anywhere'

interface Room {
  /** Its folder, from the root. */
  readonly folder: string
  readonly runsOn: Platform
  /** The rooms of which `src` may import anything. */
  readonly mayImport: readonly string[]
  /** The rooms of which `src` may import types, and nothing that is left at run time. */
  readonly mayImportTypesOf?: readonly string[]
  /** What `test` and `bench` may import besides the rows above and `testkit`. */
  readonly testsMayAlsoImport?: readonly string[]
}

/** Imported by tests and benches alone, whichever room they belong to. */
export const testRoom = 'testkit'

/** The import table. The linter, the tests of the linter and the test runner all read it; nothing repeats it. */
export const rooms = {
  domain: { folder: 'packages/domain', runsOn: 'anywhere', mayImport: [] },
  db: { folder: 'packages/db', runsOn: 'node', mayImport: ['domain'] },
  chat: { folder: 'packages/chat', runsOn: 'node', mayImport: ['domain', 'db'] },
  api: {
    folder: 'packages/api',
    runsOn: 'node',
    mayImport: ['domain', 'chat'],
    testsMayAlsoImport: ['client'],
  },
  client: {
    folder: 'packages/client',
    runsOn: 'anywhere',
    mayImport: ['domain'],
    mayImportTypesOf: ['api'],
  },
  sync: {
    folder: 'packages/sync',
    runsOn: 'node',
    mayImport: ['domain', 'client'],
  },
  testkit: {
    folder: 'packages/testkit',
    runsOn: 'node',
    mayImport: ['domain', 'db', 'chat', 'api', 'client', 'server'],
  },
  server: {
    folder: 'apps/server',
    runsOn: 'node',
    mayImport: ['domain', 'db', 'chat', 'api'],
    testsMayAlsoImport: ['client'],
  },
} as const satisfies Record<string, Room>

export type RoomName = keyof typeof rooms

export const roomNames = Object.keys(rooms).filter(isRoomName)

export function isRoomName(name: string): name is RoomName {
  return Object.hasOwn(rooms, name)
}

/** The row of a room, with every column there. */
export function rowOf(name: RoomName): Required<Room> {
  return { mayImportTypesOf: [], testsMayAlsoImport: [], ...rooms[name] }
}
