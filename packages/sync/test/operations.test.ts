import { join } from 'node:path'
import { ClientMessageId, ConversationId, MessageId } from '@parley/domain/ids'
import { Randomness } from '@parley/testkit/randomness'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import type { Action, ConversationKey, OperationId } from '@parley/sync/actions'
import { localConversation, sendable, withDependents } from '@parley/sync/outbox/order'
import { Operations, type Queued } from '@parley/sync/store/operations'
import { Store } from '@parley/sync/store/store'
import { Topics } from '@parley/sync/topics'

const key = new Uint8Array(32).fill(5)
const content = { kind: 'plain', text: 'hello' } as const
const rooms = ['a', 'b', 'c'].map((letter) => ConversationId.parse(`c${letter.repeat(15)}`))
const idOf = (index: number): OperationId => ClientMessageId.parse(`operation-${index}`)

const queued = (index: number, action: Action): Omit<Queued, 'number'> => ({
  id: idOf(index),
  action,
  state: 'waiting',
  problem: null,
  madeAt: index,
  triedAtCursor: null,
  inDoubt: false,
  sentAs: null,
})

function wish(random: Randomness, index: number): Action {
  const earlier = idOf(random.int(0, index))
  const conversationId: ConversationKey = random.chance(0.3) ? localConversation(earlier) : random.pick(rooms)
  const dice = random.next()
  if (dice < 0.1) {
    const accountId = 'abbbbbbbbbbbbbbb' as Extract<Action, { kind: 'open-direct' }>['accountId']
    return { kind: 'open-direct', accountId }
  }
  if (dice < 0.5) return { kind: 'send', conversationId, content }
  if (dice < 0.6) return { kind: 'send', conversationId, content, replyTo: earlier }
  if (dice < 0.7) return { kind: 'edit', conversationId, messageId: earlier, content }
  if (dice < 0.8)
    return { kind: 'edit', conversationId, messageId: MessageId.parse(random.int(1, 5)), content }
  if (dice < 0.9) return { kind: 'close', conversationId }
  return { kind: 'rename', conversationId, name: 'renamed' }
}

function change(random: Randomness, operations: Operations, index: number): void {
  const one = operations.all.length > 0 ? random.pick(operations.all) : null
  const dice = random.next()
  if (!one || dice < 0.5) operations.add(queued(index, wish(random, index)))
  else if (dice < 0.6) operations.remove(one.id)
  else if (dice < 0.8)
    operations.change(one, { state: random.pick(['waiting', 'sending', 'sent', 'refused'] as const) })
  else operations.change(one, { action: wish(random, index) })
}

/** All that is asked of the outbox. */
function answers(operations: Operations) {
  const { all } = operations
  const keys = [null, ...rooms, ...all.map(({ id }) => localConversation(id))]
  const numbers = (of: Iterable<Queued>) => [...of].map(({ number }) => number)
  return {
    all,
    count: operations.count,
    in: keys.map((each) => numbers(operations.in(each))),
    lanes: keys.map((each) => numbers(operations.inLane(each))),
    of: (['send', 'edit', 'close', 'rename', 'open-direct'] as const).map((kind) =>
      numbers(operations.of(kind)),
    ),
    states: (['waiting', 'sending', 'sent', 'refused'] as const).map((state) =>
      numbers(operations.inState(state)),
    ),
    naming: [...all.map(({ id }) => id), ...[1, 2, 3, 4, 5].map((id) => MessageId.parse(id))].map((id) =>
      numbers(operations.naming(id)),
    ),
    sendable: numbers(sendable(operations, () => false)).toSorted((one, other) => one - other),
    dependents: all.map((each) => numbers(withDependents(operations, each))),
  }
}

test('S10, S13: whatever is added, changed and taken away, also by what fails, the outbox is as the file has it', () => {
  using folder = temporaryFolder()
  using store = new Store(join(folder.path, 'store.db'), key, new Topics())
  const random = new Randomness(7)
  const [kept, inFile, failed]: [unknown[], unknown[], unknown[]] = [[], [], []]
  for (let index = 1; index <= 400; index += 1) {
    const fails = random.chance(0.2)
    try {
      store.write(() => {
        for (let more = random.int(1, 3); more > 0; more -= 1)
          change(random, store.operations, index * 10 + more)
        if (fails) throw new RangeError('a full disk')
      })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      failed.push(error)
    }
    if (index % 10 > 0) continue
    kept.push(answers(store.operations))
    inFile.push(answers(new Operations(store.connection)))
  }
  expect(failed).not.toEqual([])
  expect(kept).toEqual(inFile)
})

test('S13: of each conversation the first operation is next, however many wait, and of what has no name yet nothing', () => {
  using folder = temporaryFolder()
  using store = new Store(join(folder.path, 'store.db'), key, new Topics())
  const { operations } = store
  const [first, second] = rooms
  if (!first || !second) throw new Error('There are three')
  const send = (conversationId: ConversationKey): Action => ({ kind: 'send', conversationId, content })
  const next = () => [...sendable(operations, () => false)].map(({ id }) => id)
  store.write(() => {
    operations.add(queued(1, send(first)))
    operations.add(queued(2, { kind: 'edit', conversationId: first, messageId: idOf(1), content }))
    operations.add(queued(3, send(second)))
    operations.add(queued(4, send(localConversation(idOf(5)))))
    operations.add(queued(6, { kind: 'send', conversationId: second, content, replyTo: idOf(1) }))
  })
  expect(next()).toEqual([idOf(1), idOf(3), idOf(4)])
  store.write(() => operations.change({ id: idOf(1) }, { state: 'refused' }))
  expect(next()).toEqual([idOf(3), idOf(4)])
  store.write(() => operations.remove(idOf(3)))
  expect(next()).toEqual([idOf(4)])
  // What was said in a conversation of this device comes in its place among what was said by the real name.
  store.write(() => {
    const [made] = operations.in(localConversation(idOf(5)))
    if (made) operations.change(made, { action: send(second) })
  })
  expect(operations.in(second).map(({ id }) => id)).toEqual([idOf(4), idOf(6)])
})
