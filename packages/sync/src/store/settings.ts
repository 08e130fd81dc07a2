import { Refusal, invalidInput } from '@parley/domain/refusal'
import { z } from 'zod'
import { settingCharsMax, settingNameCharsMax, settingsMax } from '../limits.ts'
import type { Connection } from './ciphers.ts'
import { JsonOf } from './json.ts'
import { Statement } from './statement.ts'

const SettingName = z
  .string()
  .max(settingNameCharsMax)
  .regex(/^[a-z][A-Za-z0-9.-]*$/, 'must begin with a small letter and hold letters, digits, dots and hyphens')
const SettingValue = z.json()
export type SettingValue = z.infer<typeof SettingValue>

const settingJson = new JsonOf<SettingValue>()
const one = new Statement<[string], string>('select json from setting where name = ?', 'value')
const put = new Statement<[string, string]>(
  'insert into setting (name, json) values (?, ?) on conflict (name) do update set json = excluded.json',
)
const drop = new Statement<[string]>('delete from setting where name = ?')
const count = new Statement<[], number>('select count(*) from setting', 'value')

export const heldSetting = (connection: Connection, name: string): SettingValue => {
  const json = one.on(connection).get(name)
  return json === undefined ? null : settingJson.read(json)
}

/** Null takes it away. @throws Refusal `invalid-input`, `too-large`, `too-many`. */
export function putSetting(connection: Connection, name: string, value: SettingValue): void {
  const checked = z.strictObject({ name: SettingName, value: SettingValue }).safeParse({ name, value })
  if (!checked.success) throw invalidInput(checked.error)
  if (value === null) {
    drop.on(connection).run(name)
    return
  }
  const json = JSON.stringify(checked.data.value)
  if (json.length > settingCharsMax) {
    throw new Refusal('too-large', `A setting has ${settingCharsMax} characters at most.`, { field: 'value' })
  }
  if (one.on(connection).get(name) === undefined && (count.on(connection).get() ?? 0) >= settingsMax) {
    throw new Refusal('too-many', `There are ${settingsMax} settings at most.`, { field: 'name' })
  }
  put.on(connection).run(name, json)
}
