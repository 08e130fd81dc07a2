import { checkDatabase } from '@parley/db/check'
import { everybody } from '@parley/db/stores'
import { openSync, writeSync } from 'node:fs'
import BetterSqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { indexPathOf } from '../src/sqlite/search/index-file.ts'
import { accountId, aMessage, anAttachment, at, conversationId, messageId, peopled, say } from './fixtures.ts'
import { openEmpty } from './open-test-database.ts'

/** A database with a bit of everything, closed. */
const filled = async () => {
  const opened = await openEmpty()
  const { db } = opened
  await peopled(db, 3, 2)
  const { id, name, mediaType, bytes } = anAttachment(1)
  await db.write((tx) => tx.attachments.insert(anAttachment(1)))
  await say(db, 1, { mentions: [accountId(2), accountId(2)], mentionsEveryone: true })
  await say(db, 2, { attachments: [{ id, name, mediaType, bytes }] })
  await say(db, 3, { conversationId: conversationId(2) })
  const person = {
    id: accountId(1),
    username: 'ann',
    displayName: 'A',
    name: '',
    lastName: '',
    bot: false,
    disabled: false,
  }
  await db.write(async (tx) => {
    await tx.messages.replace({
      ...aMessage(1),
      id: messageId(1),
      ordinal: 1,
      content: { kind: 'plain', text: 'new' },
    })
    await tx.log.append(everybody, { kind: 'person', person })
    await tx.log.append(everybody, { kind: 'person', person })
    await tx.members.advanceRead(conversationId(1), accountId(2), messageId(2))
  })
  await db.read.messages.search(accountId(1), { words: 'new', limit: 1 })
  await db.close()
  const findings = async () =>
    (await Array.fromAsync(checkDatabase(`sqlite:${opened.path}`))).map(
      ({ kind, what }) => `${kind}: ${what}`,
    )
  return { ...opened, findings }
}

const change = (path: string, sql: string) => {
  const connection = new BetterSqlite(path)
  connection.pragma('foreign_keys = off')
  connection.exec(sql)
  connection.close()
}

test('a sound database has nothing wrong with it, before and after its log was pruned', async () => {
  await using opened = await filled()
  expect(await opened.findings()).toEqual([])
  await using pruned = await openEmpty()
  await peopled(pruned.db, 1, 1)
  await say(pruned.db, 1)
  await pruned.db.write(async (tx) => {
    await tx.log.append(accountId(1), { kind: 'left', conversationId: conversationId(1), by: null })
    await tx.log.prune(at(2), 9)
  })
  await say(pruned.db, 2)
  expect(await Array.fromAsync(checkDatabase(`sqlite:${pruned.path}`))).toEqual([])
})

const wrong: [sql: string, finding: RegExp][] = [
  ['update entry set position = 99 where position = 6', /^order: positions 6 to 98 are missing$/],
  ['update entry set position = 3 where position = 5', /^order: position 3 is there twice$/],
  ['update message set ordinal = 7 where position = 2', /^order: message 2 of c0+1 has ordinal 7, not 2$/],
  [`update message set json = '{}' where position = 2`, /^content: message 2: what is stored is no message$/],
  [`update message set sentAt = 5 where position = 2`, /^content: message 2: it has another sentAt$/],
  [
    `update message set authorId = 'a000000000000002' where position = 2`,
    /^content: message 2: it has another authorId$/,
  ],
  [
    `update message set json = replace(json, '"id":2', '"id":3') where position = 2`,
    /^content: message 2: it has another id$/,
  ],
  [
    `insert into mention values ('c000000000000001', 'a000000000000003', 2)`,
    /^content: message 2: it is not found by its mentions$/,
  ],
  ['delete from messageAttachment', /^content: message 2: it is not found by its attachments$/],
  ['update attachment set carriers = 4', /^count: attachment f0+1 is carried by 1 messages, not 4$/],
  [
    `update conversation set memberCount = 9 where id = 'c000000000000001'`,
    /^count: conversation c0+1 has 3 members, not 9$/,
  ],
  [
    `update member set readOrdinal = 9 where accountId = 'a000000000000002'`,
    /^count: a0+2 has read more of c0+\d than there is$/,
  ],
  [
    `update entry set body = '{"position":5}' where position = 5`,
    /^content: entry 5: what is stored is no entry 'person'/,
  ],
  [
    `update entry set body = replace(body, '"position":5', '"position":6') where position = 5`,
    /^content: entry 5:/,
  ],
  ['update entry set messagePosition = 77 where position = 4', /^content: entry 4: message 77 is not there$/],
  [
    `delete from session; delete from identity; delete from accountName; delete from account where id = 'a000000000000003'`,
    /^damaged: row \d+ of member refers to nothing in account$/,
  ],
]

test.each(wrong)('what is wrong is found: %s', async (sql, finding) => {
  await using opened = await filled()
  change(opened.path, sql)
  const findings = await opened.findings()
  expect(findings).not.toEqual([])
  expect(findings[0]).toMatch(finding)
})

test('damage to the file is found, and nothing that follows from it is guessed at', async () => {
  await using opened = await filled()
  const connection = new BetterSqlite(opened.path)
  const page = connection
    .prepare(`select rootpage from sqlite_schema where name = 'messageConversation'`)
    .pluck()
    .get()
  connection.close()
  const file = openSync(opened.path, 'r+')
  writeSync(file, Buffer.alloc(64, 0xff), 0, 64, Number(page) * 4_096 - 64)
  const findings = await opened.findings()
  expect(findings.length).toBeGreaterThan(0)
  expect(findings.every((finding) => finding.startsWith('damaged:'))).toBe(true)
})

test('an index of words that does not belong to the log is found', async () => {
  await using opened = await filled()
  change(indexPathOf(opened.path), `update meta set value = 'other' where key = 'logId'`)
  expect(await opened.findings()).toEqual(['search: the index is of another log'])
  change(indexPathOf(opened.path), `update meta set value = '99' where key = 'cursor'`)
  expect(await opened.findings()).toContain('search: the index is at 99, the log only at 6')
})

test('what is no database of this version is refused', async () => {
  await using opened = await filled()
  await expect(Array.fromAsync(checkDatabase(`sqlite:${opened.path}-nothing`))).rejects.toThrow(
    /unable to open/,
  )
  change(opened.path, 'pragma user_version = 99')
  await expect(opened.findings()).rejects.toThrow(/newer Parley/)
  change(opened.path, 'pragma user_version = 0')
  await expect(opened.findings()).rejects.toThrow(/older Parley/)
  change(opened.path, 'pragma application_id = 5')
  await expect(opened.findings()).rejects.toThrow(/not a database of Parley/)
})
