import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { roomNames, rooms, rowOf, testRoom } from '../rooms.ts'
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
    for (const place of places) {
      for (const to of roomNames.filter((name) => name !== from)) {
        write(
          pairFile(from, place, to),
          Object.values(forms).map((form) => form.write(`@parley/${to}/thing`)),
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
      const seen = places.map((place) => [place, refusedForms(pairFile(from, place, to))])
      expect(Object.fromEntries(seen)).toEqual({
        src: formNames.filter((_, index) => !allowedInSources(from, to, index)),
        test: formNames.filter((_, index) => !allowedInTests(from, to, index)),
        bench: formNames.filter((_, index) => !allowedInTests(from, to, index)),
      })
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

function pairFile(from: RoomName, place: (typeof places)[number], to: RoomName): string {
  return `${rooms[from].folder}/${place}/to-${to}.ts`
}

function allowedInSources(from: RoomName, to: RoomName, form: number): boolean {
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
