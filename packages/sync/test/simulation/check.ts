import assert from 'node:assert/strict'
import type { ConversationId } from '@parley/domain/ids'
import type { Model } from './model.ts'
import type { Said, SimulatedDevice } from './simulate.ts'

/** What a device shows is what the server has. */
export function checkDevice(model: Model, { engine, me, name }: SimulatedDevice): void {
  const truth = new Map(model.mine(me).map((mine) => [mine.conversation.id, mine]))
  const shown = engine.conversations()
  assert.deepEqual(
    shown.map(({ id }) => id).toSorted(),
    [...truth.keys()].toSorted(),
    `conversations of ${name}`,
  )
  for (const view of shown) {
    const id = view.id as ConversationId
    const mine = truth.get(id)
    const { id: _, ...conversation } = mine?.conversation ?? {}
    const what = `${id} of ${name}`
    same(view.conversation, conversation, what)
    same(
      { role: view.role, memberCount: view.memberCount, readUpTo: view.readUpTo, unread: view.unread },
      { role: mine?.role, memberCount: mine?.memberCount, readUpTo: mine?.readUpTo, unread: mine?.unread },
      what,
    )
    checkMessages(model, engine, id, what)
    const members = engine.members(id)
    if (members.complete) {
      const ids = [...(model.rooms.get(id)?.members.keys() ?? [])]
      same(members.members.map(({ accountId }) => accountId).toSorted(), ids.toSorted(), `members of ${what}`)
    }
  }
}

function checkMessages(
  model: Model,
  engine: SimulatedDevice['engine'],
  conversationId: ConversationId,
  what: string,
): void {
  const all = model.rooms.get(conversationId)?.messages ?? []
  const { items, older, newer } = engine.timeline({ conversationId, at: { kind: 'newest' }, limit: 400 })
  same({ older, newer, count: items.length }, { older: 'none', newer: 'none', count: all.length }, what)
  for (const [index, item] of items.entries()) {
    const message = all[index]
    same(
      {
        id: item.id,
        content: item.content,
        reactions: item.reactions,
        attachments: item.attachments.map(({ id, bytes }) => ({ id, bytes })),
        delivery: item.delivery,
        key: item.key,
      },
      {
        id: message?.id,
        content: message?.content,
        reactions: message?.reactions ?? [],
        attachments: (message?.attachments ?? []).map(({ id, bytes }) => ({ id, bytes })),
        delivery: 'confirmed',
        key: `${message?.authorId} ${message?.clientMessageId}`,
      },
      `message ${index} in ${what}`,
    )
    const text = message?.content.kind === 'plain' ? message.content.text : null
    if (text === null) continue
    const found = engine.search({ words: text, conversationId, limit: 100 }).messages
    assert(
      found.some(({ id }) => id === message?.id),
      `"${text}" is not found in ${what}`,
    )
  }
}

/** Everything said is there once, or was taken back; and in order. */
export function checkSaid(
  model: Model,
  said: readonly Said[],
  made: ReadonlySet<string>,
  devices: readonly SimulatedDevice[],
): void {
  const places = new Map<string, { conversation: string; position: number }>()
  for (const { conversation, messages } of model.rooms.values()) {
    for (const { clientMessageId, id } of messages) {
      assert(!places.has(clientMessageId), `${clientMessageId} is there twice`)
      places.set(clientMessageId, { conversation: conversation.id, position: id })
    }
  }
  const files = new Map(
    [...model.rooms.values()].flatMap(({ messages }) =>
      messages.map((message) => [message.clientMessageId as string, message] as const),
    ),
  )
  for (const { id, attachments } of said) {
    const message = files.get(id)
    if (!message || message.content.kind === 'deleted') continue
    same(message.attachments?.length ?? 0, attachments, `files of ${id}`)
  }
  for (const { engine, name } of devices) same(engine.transfers(), [], `transfers of ${name}`)
  const lost = said.filter(({ id, undone }) => !undone && !places.has(id))
  same(lost, [], 'lost')
  same(
    said.filter(({ id, undone }) => undone && places.has(id)),
    [],
    'taken back, and there',
  )
  for (const { name } of devices) {
    checkOrder(
      said.filter(({ device, retried }) => device === name && !retried),
      places,
    )
  }
  assert(model.rooms.size <= made.size, `${model.rooms.size} groups were made of ${made.size}`)
}

interface Place {
  readonly conversation: string
  readonly position: number
}

/**
 * What one device said in a conversation is in the order of saying, but what was said after a message with files need not
 * wait for it: unless it carries files too, or replies to it.
 */
function checkOrder(said: readonly Said[], places: ReadonlyMap<string, Place>): void {
  const lastOfAll = new Map<string, number>()
  const lastInTime = new Map<string, number>()
  const late = new Set<string>()
  for (const { id, attachments, repliesTo } of said) {
    if (attachments > 0 || (repliesTo !== null && late.has(repliesTo))) late.add(id)
    const place = places.get(id)
    if (!place) continue
    const { conversation, position } = place
    const before = (attachments > 0 ? lastOfAll : lastInTime).get(conversation) ?? 0
    const replied = repliesTo === null ? 0 : (places.get(repliesTo)?.position ?? 0)
    assert(position > Math.max(before, replied), `${id} comes before what was said before it`)
    lastOfAll.set(conversation, Math.max(position, lastOfAll.get(conversation) ?? 0))
    if (!late.has(id)) lastInTime.set(conversation, position)
  }
}

function same(shown: unknown, truth: unknown, what: string): void {
  assert.deepEqual(
    shown,
    truth,
    `${what}: ${JSON.stringify(shown)} is shown, and ${JSON.stringify(truth)} is so`,
  )
}
