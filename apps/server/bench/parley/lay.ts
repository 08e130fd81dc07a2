import { addAccount, blankAccount } from '@parley/chat/accounts/sign-up'
import { startSession } from '@parley/chat/accounts/sessions'
import { admit } from '@parley/chat/conversations/membership'
import { newConversationId } from '@parley/chat/secrets'
import { openDatabase } from '@parley/db/open'
import type { AccountRow, ConversationRow, Database } from '@parley/db/stores'
import { type AccountId, ClientMessageId, type ConversationId, type MessageId } from '@parley/domain/ids'
import { z } from 'zod'
import { dataFolderAt, makeDataFolder } from '../../src/serve/data-folder.ts'
import { pause } from '../load/clock.ts'
import { type Laid, storedBodies, type World } from '../world.ts'

const accountsPerWrite = 500
const messagesPerWrite = 5_000
const indexPollMs = 200
const idSchema = z.object({ id: z.int() })
const laidAt = Date.now()

function* chunks<T>(values: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = []
  for (const value of values) {
    if (chunk.push(value) < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/**
 * Writes a world into Parley's own database through the code that the server writes with, before the server starts:
 * what comes out is what people would have made over the API, without the minutes that their passwords would take.
 */
export async function layParley(world: World, path: string): Promise<Laid> {
  const folder = dataFolderAt(path)
  makeDataFolder(folder)
  const db = await openDatabase(`sqlite:${folder.database}`)
  try {
    const { accounts, tokens } = await layAccounts(db, world)
    const rooms = await layRooms(db, world, accounts)
    await layMessages(db, world, accounts, rooms)
    return { tokens, rooms, head: db.head() }
  } finally {
    await db.close()
  }
}

async function layAccounts(
  db: Database,
  world: World,
): Promise<{ accounts: AccountRow[]; tokens: string[] }> {
  const accounts = Array.from({ length: world.accounts }, (_, index) =>
    blankAccount(`person${index}`, laidAt),
  )
  const tokens: string[] = []
  for (const chunk of chunks(accounts, accountsPerWrite)) {
    await db.write(async (tx) => {
      for (const account of chunk) {
        await addAccount(tx, account)
        tokens.push((await startSession(tx, account, 'bench', laidAt)).token)
      }
    })
  }
  return { accounts, tokens }
}

async function layRooms(
  db: Database,
  world: World,
  accounts: readonly AccountRow[],
): Promise<ConversationId[]> {
  const rooms: ConversationId[] = []
  for (const [index, { members }] of world.rooms.entries()) {
    const [founder, ...others] = members.flatMap((member) => accounts[member] ?? [])
    if (founder === undefined) throw new Error('a room needs somebody in it')
    const conversation: ConversationRow = {
      id: newConversationId(),
      kind: 'group',
      name: `Room ${index}`,
      description: '',
      joinPolicy: 'closed',
      listed: false,
      sealed: false,
      founderId: founder.id,
      createdAt: laidAt,
      closedAt: null,
      passwordHash: null,
    }
    await db.write(async (tx) => {
      await tx.conversations.insert(conversation)
      await admit(tx, conversation, { accountId: founder.id, role: 'founder', by: null, now: laidAt })
      for (const { id } of others) {
        await admit(tx, conversation, { accountId: id, role: 'member', by: founder.id, now: laidAt })
      }
    })
    rooms.push(conversation.id)
  }
  return rooms
}

async function layMessages(
  db: Database,
  world: World,
  accounts: readonly AccountRow[],
  rooms: readonly ConversationId[],
): Promise<void> {
  let last: LaidMessage | null = null
  let count = 0
  for (const chunk of chunks(storedBodies(world), messagesPerWrite)) {
    last = await db.write(async (tx) => {
      let written: LaidMessage | null = null
      for (const { room, author, body } of chunk) {
        const [conversationId, account] = [rooms[room], accounts[author]]
        if (conversationId === undefined || account === undefined) throw new Error('the world names nobody')
        const { messageId } = await tx.messages.insert({
          conversationId,
          authorId: account.id,
          clientMessageId: ClientMessageId.parse(`stored-${++count}`),
          sentAt: laidAt,
          content: { kind: 'plain', text: body },
        })
        written = { messageId, authorId: account.id, body }
      }
      return written
    })
  }
  if (last) await untilIndexed(db, last)
}

interface LaidMessage {
  messageId: MessageId
  authorId: AccountId
  body: string
}

/** Words are indexed beside the writing; a server that still had them to do would be measured at that, too. */
async function untilIndexed(db: Database, { messageId, authorId, body }: LaidMessage): Promise<void> {
  const [words = ''] = body.match(/\w+/) ?? []
  for (;;) {
    const [newest] = (await db.read.messages.search(authorId, { words, limit: 1 })).json
    if (newest !== undefined && idSchema.parse(JSON.parse(newest)).id === messageId) return
    await pause(indexPollMs)
  }
}
