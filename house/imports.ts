import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { isRoomName, isWorkspace, roomNames, rooms, rowOf, testRoom } from './rooms.ts'
import type { RoomName } from './rooms.ts'

/** `type` leaves nothing behind at run time. `import { type A } from` is a `value`: the module is still loaded. */
export type ImportKind = 'value' | 'type'

const scope = '@parley/'

/**
 * Says why a file may not import what it names, or nothing if it may.
 *
 * @param file the importing file, from the root, with forward slashes
 * @param specifier what stands in the quotes; `undefined` if it is worked out at run time
 */
export function refuseImport(
  file: string,
  specifier: string | undefined,
  kind: ImportKind,
): string | undefined {
  const from = roomOfPath(file)
  if (specifier === undefined) {
    return from && 'An import that is worked out at run time cannot be checked; write the path out.'
  }
  if (specifier.startsWith(scope)) {
    return refuseRoom(from, specifier.slice(scope.length).split('/')[0] ?? '', file, kind)
  }
  if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith('file:')) {
    return refusePath(from, file, specifier, kind)
  }
  if (from && rooms[from].runsOn === 'anywhere' && isBuiltin(specifier) && isSource(file, from)) {
    return `'${from}' also runs in browsers, which have no '${specifier}'.`
  }
  return undefined
}

function refuseRoom(
  from: RoomName | undefined,
  to: string,
  file: string,
  kind: ImportKind,
): string | undefined {
  if (!isRoomName(to) || !isWorkspace(to)) return `There is no room '${to}' in house/rooms.ts.`
  if (!from) return 'A file outside of the rooms imports none of them.'
  const test = isTest(file, from)
  if (to === from) {
    return test ? undefined : `'${from}' imports its own files by relative paths, so that cycles are seen.`
  }
  return refuseRow(from, to, test, kind)
}

function refuseRow(from: RoomName, to: RoomName, test: boolean, kind: ImportKind): string | undefined {
  const row = rowOf(from)
  if (row.mayImport.includes(to)) return undefined
  if (test && (to === testRoom || row.testsMayAlsoImport.includes(to))) return undefined
  if (row.mayImportTypesOf.includes(to)) {
    return kind === 'type' ? undefined : `'${from}' may import '${to}' only by 'import type'.`
  }
  return to === testRoom
    ? `Only tests import '${testRoom}'.`
    : `'${from}' may not import '${to}': its row in house/rooms.ts does not name it.`
}

function refusePath(
  from: RoomName | undefined,
  file: string,
  specifier: string,
  kind: ImportKind,
): string | undefined {
  if (!specifier.startsWith('.')) return 'An absolute path is no import.'
  const target = posix.join(posix.dirname(file), specifier)
  const to = roomOfPath(target)
  if (to === from && !target.startsWith('../')) return undefined
  if (from && to && rowOf(from).within === rowOf(to).within) {
    return refuseRow(from, to, isTest(file, from), kind)
  }
  return 'A relative path stays within its room; import the other room by its name.'
}

function roomOfPath(path: string): RoomName | undefined {
  return roomNames
    .filter((name) => path.startsWith(`${rooms[name].folder}/`))
    .toSorted((a, b) => rooms[b].folder.length - rooms[a].folder.length)[0]
}

/** What is shipped; beside it are tests, and the programs that build. */
function isSource(file: string, room: RoomName): boolean {
  return !isWorkspace(room) || file.startsWith(`${rooms[room].folder}/src/`)
}

function isTest(file: string, room: RoomName): boolean {
  return (
    isWorkspace(room) &&
    ['test', 'bench'].some((folder) => file.startsWith(`${rooms[room].folder}/${folder}/`))
  )
}
