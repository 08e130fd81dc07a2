import { expect, test } from 'vitest'
import { openConnection } from '../src/sqlite/connection.ts'
import { accountId, clientId, conversationId, peopled, say } from './fixtures.ts'
import { openEmpty } from './open-test-database.ts'

test('P2: the database itself refuses a second message of one client id', async () => {
  await using opened = await openEmpty()
  await peopled(opened.db, 1, 1)
  await say(opened.db, 1)
  const connection = openConnection(opened.path, { cacheKiB: 1_024 })
  const insert = connection.prepare(
    `insert into message (position, conversationId, authorId, clientMessageId, ordinal, sentAt, json)
    values (?, ?, ?, ?, 9, 9, '{}')`,
  )
  const raw = (position: number, author: number) =>
    insert.run(position, conversationId(1), accountId(author), clientId(1))
  expect(() => raw(100, 1)).toThrow(/UNIQUE constraint failed: message.clientMessageId, message.authorId/)
  expect(raw(100, 2).changes).toBe(1)
  expect(() => raw(100, 3)).toThrow(/UNIQUE constraint failed: message.position/)
  connection.close()
})

test('P2: the database itself refuses a second group of one client id', async () => {
  await using opened = await openEmpty()
  await peopled(opened.db, 2, 1)
  const connection = openConnection(opened.path, { cacheKiB: 1_024 })
  const make = (number: number, maker: number, name: string | null) => () =>
    connection
      .prepare(
        `insert into conversation (id, kind, name, nameKey, description, joinPolicy, listed, sealed, clientConversationId,
          makerId, createdAt, memberCount) values (?, 'group', 'G', 'g', '', 'open', 0, 0, ?, ?, 1, 0)`,
      )
      .run(conversationId(number), name, accountId(maker)).changes
  expect(make(10, 1, 'mine')()).toBe(1)
  expect(make(11, 1, 'mine')).toThrow(
    /UNIQUE constraint failed: conversation.clientConversationId, conversation.makerId/,
  )
  expect(make(12, 2, 'mine')()).toBe(1)
  expect(make(13, 1, null)()).toBe(1)
  expect(make(14, 1, null)()).toBe(1)
  connection.close()
})

test('the database itself refuses a second direct conversation, member, session token and username', async () => {
  await using opened = await openEmpty()
  await peopled(opened.db, 1, 1)
  const connection = openConnection(opened.path, { cacheKiB: 1_024 })
  const twice = (table: string, change: string) => {
    const columns = connection
      .prepare<[string], string>('select name from pragma_table_info(?)')
      .pluck()
      .all(table)
    const copied = columns.map((name) =>
      name === 'number' ? 'null' : name === change.split('=')[0] ? change.split('=')[1] : `"${name}"`,
    )
    return () => connection.exec(`insert into ${table} select ${copied.join(', ')} from ${table} limit 1`)
  }
  expect(twice('account', `id='aother'`)).toThrow(/UNIQUE constraint failed: account.usernameKey/)
  expect(twice('member', '')).toThrow(/UNIQUE constraint failed: member.conversationId, member.accountId/)
  connection.close()
})
