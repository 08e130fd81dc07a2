import { describe, expect, test } from 'vitest'
import { readCommandLine } from '../../src/cli/command-line.ts'
import { type Command, WrongUsage } from '../../src/cli/command.ts'

const run = async () => 0 as const
const commands: readonly Command[] = [
  { words: ['serve'], about: '', run },
  {
    words: ['admin', 'make'],
    takes: ['NAME'],
    about: '',
    run,
    flags: { operator: { about: '' }, note: { value: 'TEXT', about: '' } },
  },
  { words: ['admin', 'list'], about: '', run },
]

const read = (...argv: string[]) => readCommandLine(argv, commands)

describe('a command line', () => {
  test('is a command, what it takes, its own flags, and settings, in any order', () => {
    const line = read('--port', '7', 'admin', '--operator', 'make', 'ann', '--note=for Ann')
    expect(line.command).toBe(commands[1])
    expect(line.args).toEqual(['ann'])
    expect(Object.fromEntries(line.own)).toEqual({ operator: '', note: 'for Ann' })
    expect(Object.fromEntries(line.settings)).toEqual({ port: '7' })
  })

  test('leaves flags that it does not know, and those of other commands, to whoever reads the settings', () => {
    expect([...read('serve', '--prot', '--operator').settings.keys()]).toEqual(['prot', 'operator'])
  })

  test.each([
    ['a flag without its value', ['serve', '--port']],
    ['a flag in place of a value', ['serve', '--data', '--port', '1']],
    ['a flag given twice', ['serve', '--port', '1', '--port', '2']],
    ['a value where none is taken', ['admin', 'make', 'ann', '--operator=yes']],
    ['too little', ['admin', 'make']],
    ['too much', ['serve', 'port', '1']],
  ])('is refused with %s', (_, argv) => {
    expect(() => read(...argv)).toThrow(WrongUsage)
  })

  test('takes a value that begins with dashes when it is tied to its flag', () => {
    expect(read('serve', '--data=--odd').settings.get('data')).toBe('--odd')
  })

  test('is no command when its words are none', () => {
    expect(read('sreve').command).toBeNull()
    expect(read('admin').command).toBeNull()
  })

  test.each([['--help'], ['-h']])('asks for help with %s, whatever else is wrong', (flag) => {
    expect(read('admin', 'make', flag)).toMatchObject({ command: commands[1], wantsHelp: true })
  })
})
