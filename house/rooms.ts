/** Whether a room's sources may use Node's own modules, or have to run in a browser too. */
type Platform = 'node' | 'anywhere'

interface Room {
  /** Its folder, from the root. A file belongs to the innermost room that it lies in. */
  readonly folder: string
  /**
   * The room in whose workspace it lies. It is a part of what that ships and has no name in imports: the rooms of one
   * workspace reach each other by relative paths, which this table judges too. Its tests lie with those of the other.
   */
  readonly within?: string
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
  crypto: { folder: 'packages/crypto', runsOn: 'node', mayImport: ['domain'] },
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
    mayImport: ['domain', 'client', 'crypto'],
  },
  bot: {
    folder: 'packages/bot',
    runsOn: 'node',
    mayImport: ['domain', 'client', 'sync'],
  },
  testkit: {
    folder: 'packages/testkit',
    runsOn: 'node',
    mayImport: ['domain', 'db', 'chat', 'api', 'client', 'sync', 'server'],
  },
  server: {
    folder: 'apps/server',
    runsOn: 'node',
    mayImport: ['domain', 'db', 'chat', 'api'],
    testsMayAlsoImport: ['client', 'crypto'],
  },
  // What builds the desktop app and tests it; what is shipped lies in the rooms below.
  desktop: {
    folder: 'apps/desktop',
    runsOn: 'node',
    mayImport: [
      'domain',
      'crypto',
      'client',
      'sync',
      'desktop-ports',
      'desktop-preload',
      'desktop-main',
      'desktop-engine',
      'desktop-renderer',
    ],
  },
  'desktop-ports': {
    folder: 'apps/desktop/src/ports',
    within: 'desktop',
    runsOn: 'anywhere',
    mayImport: [],
  },
  'desktop-preload': {
    folder: 'apps/desktop/src/preload',
    within: 'desktop',
    runsOn: 'anywhere',
    mayImport: [],
  },
  'desktop-main': {
    folder: 'apps/desktop/src/main',
    within: 'desktop',
    runsOn: 'node',
    mayImport: ['domain', 'desktop-ports', 'desktop-preload'],
  },
  'desktop-engine': {
    folder: 'apps/desktop/src/engine',
    within: 'desktop',
    runsOn: 'node',
    mayImport: ['domain', 'crypto', 'client', 'sync', 'desktop-ports'],
    mayImportTypesOf: ['desktop-main'],
  },
  'desktop-renderer': {
    folder: 'apps/desktop/src/renderer',
    within: 'desktop',
    runsOn: 'anywhere',
    mayImport: ['domain', 'desktop-ports', 'desktop-preload'],
    mayImportTypesOf: ['desktop-engine', 'desktop-main'],
  },
} as const satisfies Record<string, Room>

export type RoomName = keyof typeof rooms

export const roomNames = Object.keys(rooms).filter(isRoomName)

export function isRoomName(name: string): name is RoomName {
  return Object.hasOwn(rooms, name)
}

/** The row of a room, with every column there. */
export function rowOf(name: RoomName): Required<Room> {
  return { within: name, mayImportTypesOf: [], testsMayAlsoImport: [], ...rooms[name] }
}

/** Whether it is a workspace of its own, with a name, tests and a build. */
export const isWorkspace = (name: RoomName): boolean => rowOf(name).within === name
