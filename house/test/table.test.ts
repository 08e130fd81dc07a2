import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isWorkspace, roomNames, rooms, rowOf, testRoom } from '../rooms.ts'
import type { RoomName } from '../rooms.ts'

const root = join(import.meta.dirname, '../..')

/** Each way to name another module, and whether it leaves nothing behind at run time. */
const forms = {
  import: { write: (to: string) => `import { a0 } from '${to}'`, byType: false },
  'import for its effect': { write: (to: string) => `import '${to}'`, byType: false },
  'import with a type inside': { write: (to: string) => `import { type A2 } from '${to}'`, byType: false },
  'export from': { write: (to: string) => `export { a3 } from '${to}'`, byType: false },
  'export * from': { write: (to: string) => `export * from '${to}'`, byType: false },
  'import()': { write: (to: string) => `void import('${to}')`, byType: false },
  'import() of a template': { write: (to: string) => `void import(\`${to}\`)`, byType: false },
  'import type': { write: (to: string) => `import type { A7 } from '${to}'`, byType: true },
  'export type from': { write: (to: string) => `export type { A8 } from '${to}'`, byType: true },
  'import().Type': { write: (to: string) => `export type A9 = import('${to}').A9`, byType: true },
  'typeof import()': { write: (to: string) => `export type A10 = typeof import('${to}')`, byType: true },
}
const formNames = Object.keys(forms)
const places = ['src', 'test', 'bench'] as const
type Place = (typeof places)[number]
/** A room within a workspace is all source. */
const placesOf = (name: RoomName): readonly Place[] => (isWorkspace(name) ? places : ['src'])

/** Single files, each with one import that is judged by something else than the row of a room. */
const strays = [
  { file: 'packages/db/src/over-the-wall.ts', text: `import '../../domain/src/ids.ts'`, refused: true },
  {
    file: 'packages/db/src/type-over-the-wall.ts',
    text: `import type { A } from '../../domain/src/ids.ts'`,
    refused: true,
  },
  { file: 'packages/db/test/over-the-wall.ts', text: `import '../../testkit/src/server.ts'`, refused: true },
  { file: 'packages/db/src/to-the-root.ts', text: `import '../../../house/rooms.ts'`, refused: true },
  { file: 'packages/db/src/absolute.ts', text: `import '/packages/db/src/near.ts'`, refused: true },
  { file: 'packages/db/src/near-by.ts', text: `import './near.ts'`, refused: false },
  { file: 'packages/db/test/near-by.ts', text: `import '../src/near.ts'`, refused: false },
  { file: 'packages/db/src/by-own-name.ts', text: `import '@parley/db/near'`, refused: true },
  { file: 'packages/db/test/by-own-name.ts', text: `import '@parley/db/near'`, refused: false },
  {
    file: 'apps/desktop/src/main/by-name.ts',
    text: `import '@parley/desktop-ports/port'`,
    refused: true,
  },
  {
    file: 'apps/desktop/test/main/by-name.ts',
    text: `import '@parley/desktop-main/desk'`,
    refused: true,
  },
  { file: 'packages/db/src/inner-by-name.ts', text: `import '@parley/desktop-main/desk'`, refused: true },
  {
    file: 'packages/db/src/inner-by-path.ts',
    text: `import '../../../apps/desktop/src/main/desk.ts'`,
    refused: true,
  },
  {
    file: 'apps/desktop/src/renderer/live/over-the-wall.ts',
    text: `import '../../engine/router.ts'`,
    refused: true,
  },
  {
    file: 'apps/desktop/src/renderer/live/by-type.ts',
    text: `import type { A } from '../../engine/router.ts'`,
    refused: false,
  },
  {
    file: 'apps/desktop/src/renderer/live/near-by.ts',
    text: `import '../state/place.ts'`,
    refused: false,
  },
  {
    file: 'apps/desktop/src/renderer/out-of-the-rooms.ts',
    text: `import '../../build/page.ts'`,
    refused: true,
  },
  { file: 'apps/desktop/src/renderer/of-node.ts', text: `import 'node:fs'`, refused: true },
  { file: 'apps/desktop/src/preload/of-node.ts', text: `import 'node:fs'`, refused: true },
  { file: 'apps/desktop/src/engine/of-node.ts', text: `import 'node:fs'`, refused: false },
  {
    file: 'apps/desktop/src/engine/to-another-workspace.ts',
    text: `import '../../../../packages/sync/src/engine.ts'`,
    refused: true,
  },
  { file: 'apps/desktop/src/main/of-tests.ts', text: `import '../../test/electron/app.ts'`, refused: true },
  { file: 'packages/db/src/no-such-room.ts', text: `import '@parley/attic/near'`, refused: true },
  {
    file: 'packages/db/src/worked-out.ts',
    text: `export const load = (name: string) => import(name)`,
    refused: true,
  },
  { file: 'packages/db/src/elsewhere.ts', text: `import 'zod'`, refused: false },
  { file: 'packages/db/src/of-node.ts', text: `import 'node:fs'`, refused: false },
  { file: 'packages/domain/src/of-node.ts', text: `import 'node:fs'`, refused: true },
  { file: 'packages/domain/src/of-node-by-type.ts', text: `import type { Stats } from 'fs'`, refused: true },
  { file: 'packages/domain/test/of-node.ts', text: `import 'node:fs'`, refused: false },
  { file: 'packages/domain/build/of-node.ts', text: `import 'node:fs'`, refused: false },
  { file: 'house/into-a-room.ts', text: `import '../packages/db/src/near.ts'`, refused: true },
  { file: 'house/into-a-room-by-name.ts', text: `import '@parley/db/near'`, refused: true },
] as const

let folder = ''
let problems: readonly Problem[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'house-'))
  for (const path of [
    'house/imports.ts',
    'house/plugin.ts',
    'house/rooms.ts',
    'oxlint.config.ts',
    'package.json',
  ]) {
    cpSync(join(root, path), join(folder, path))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  for (const from of roomNames) {
    for (const place of placesOf(from)) {
      for (const to of roomNames.filter((name) => name !== from)) {
        const file = pairFile(from, place, to)
        write(
          file,
          Object.values(forms).map((form) => form.write(specifierOf(from, file, to))),
        )
      }
    }
  }
  for (const { file, text } of strays) write(file, [text])
  write('packages/chat/src/hen.ts', [`import { egg } from './egg.ts'`, 'export const hen = () => egg'])
  write('packages/chat/src/egg.ts', [`import { hen } from './hen.ts'`, 'export const egg = () => hen'])
  write('packages/chat/src/by-require.ts', [
    `import { createRequire } from 'node:module'`,
    `require('@parley/api/root')`,
  ])
  problems = await lint(folder)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(roomNames)('%s', (from) => {
  test.each(roomNames.filter((name) => name !== from))(
    'imports %s as its row says, and in no other way',
    (to) => {
      const allowedIn = { src: allowedInSources, test: allowedInTests, bench: allowedInTests }
      for (const place of placesOf(from)) {
        expect(refusedForms(pairFile(from, place, to)), place).toEqual(
          formNames.filter((_, index) => !allowedIn[place](from, to, index)),
        )
      }
    },
  )
})

test.each(strays)('$file: $text is judged by its own rule', ({ file, refused }) => {
  expect(rulesBrokenIn(file).includes('house(table)')).toBe(refused)
})

test('two files of a room that import each other are refused', () => {
  expect(rulesBrokenIn('packages/chat/src/hen.ts')).toContain('import(no-cycle)')
  expect(rulesBrokenIn('packages/chat/src/egg.ts')).toContain('import(no-cycle)')
})

test('require is no way round the table', () => {
  expect(rulesBrokenIn('packages/chat/src/by-require.ts')).toContain('typescript(no-require-imports)')
})

test('the table has no cycle: each room stands on rooms that stand without it', () => {
  const standing = new Set<string>()
  const ready = (name: RoomName) => rowOf(name).mayImport.every((below) => standing.has(below))
  for (let round = 0; round < roomNames.length; round += 1)
    roomNames.filter(ready).forEach((name) => standing.add(name))
  expect(standing).toEqual(new Set(roomNames))
})

test('the test room is in the row of no room', () => {
  for (const name of roomNames) {
    expect([...rowOf(name).mayImport, ...rowOf(name).mayImportTypesOf]).not.toContain(testRoom)
  }
})

interface Problem {
  readonly code: string
  readonly file: string
  readonly line: number
}

function write(file: string, lines: readonly string[]): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), lines.map((line) => `${line}\n`).join(''))
}

function pairFile(from: RoomName, place: Place, to: RoomName): string {
  const own = isWorkspace(from) ? `${rooms[from].folder}/${place}` : rooms[from].folder
  return `${own}/to-${to}.ts`
}

/** How a file would name a file of another room: by a path where both are of one workspace. */
function specifierOf(from: RoomName, file: string, to: RoomName): string {
  if (!areNeighbours(from, to)) return `@parley/${to}/thing`
  const path = posix.relative(posix.dirname(file), `${rooms[to].folder}/thing.ts`)
  return path.startsWith('.') ? path : `./${path}`
}

const areNeighbours = (a: RoomName, b: RoomName): boolean => rowOf(a).within === rowOf(b).within

function allowedInSources(from: RoomName, to: RoomName, form: number): boolean {
  // A room within another workspace has no name.
  if (!isWorkspace(to) && !areNeighbours(from, to)) return false
  const row = rowOf(from)
  const byType = Object.values(forms)[form]?.byType ?? false
  return row.mayImport.includes(to) || (byType && row.mayImportTypesOf.includes(to))
}

function allowedInTests(from: RoomName, to: RoomName, form: number): boolean {
  return to === testRoom || rowOf(from).testsMayAlsoImport.includes(to) || allowedInSources(from, to, form)
}

function refusedForms(file: string): string[] {
  const lines = problems.filter((problem) => problem.file === file && problem.code === 'house(table)')
  return formNames.filter((_, index) => lines.some((problem) => problem.line === index + 1))
}

function rulesBrokenIn(file: string): string[] {
  return problems.filter((problem) => problem.file === file).map((problem) => problem.code)
}

function lint(cwd: string): Promise<Problem[]> {
  const linter = join(root, 'node_modules/oxlint/bin/oxlint')
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [linter, '--format', 'json', 'apps', 'house', 'packages'],
      { cwd, maxBuffer: 64 * 1024 * 1024 },
      (_, stdout, stderr) => {
        try {
          const report: { diagnostics: Diagnostic[] } = JSON.parse(stdout)
          resolve(
            report.diagnostics.map(({ code, filename, labels }) => ({
              code,
              file: filename,
              line: labels[0]?.span.line ?? 0,
            })),
          )
        } catch (cause) {
          reject(new Error(`The linter printed no report: ${stdout}${stderr}`, { cause }))
        }
      },
    )
  })
}

interface Diagnostic {
  readonly code: string
  readonly filename: string
  readonly labels: readonly { readonly span: { readonly line: number } }[]
}
