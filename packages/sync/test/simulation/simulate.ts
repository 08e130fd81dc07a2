import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { Randomness } from '@parley/testkit/randomness'
import { type Action, type ConversationKey, type DraftAttachmentId, OperationId } from '@parley/sync/actions'
import { type Engine, openEngine } from '@parley/sync/engine'
import { checkDevice, checkSaid } from './check.ts'
import { Link } from './link.ts'
import { Model } from './model.ts'
import { drained, Scheduler } from './scheduler.ts'

const key = new Uint8Array(32).fill(3)
/** In memory where the machine has such a place: a thousand runs sync a million times. */
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** What a device was told to say, for the account of it at the end. */
export interface Said {
  readonly device: string
  readonly id: string
  readonly conversation: ConversationKey
  readonly attachments: number
  /** The operation of the message that it replies to, where that waited too. */
  readonly repliesTo: string | null
  undone: boolean
  retried: boolean
}

export interface SimulatedDevice {
  readonly name: string
  readonly me: AccountId
  engine: Engine
  link: Link
  path: string
}

interface Run {
  readonly random: Randomness
  readonly scheduler: Scheduler
  readonly model: Model
  readonly folder: string
  readonly devices: SimulatedDevice[]
  readonly said: Said[]
  readonly defects: unknown[]
  readonly made: Set<string>
  stores: number
  operations: number
}

/**
 * Several devices of several accounts, a server, a network that loses and mixes up, and processes that are killed. In the
 * end all devices show what the server has, and everything said is there once, in order, or was refused.
 * @throws when they do not.
 */
export async function simulate(seed: number, steps = 150): Promise<void> {
  const random = new Randomness(seed)
  const scheduler = new Scheduler()
  const folder = mkdtempSync(join(base, 'parley-simulation-'))
  const model = new Model(() => scheduler.now())
  const run: Run = {
    random,
    scheduler,
    model,
    folder,
    devices: [],
    said: [],
    defects: [],
    made: new Set(),
    stores: 0,
    operations: 0,
  }
  try {
    const people = ['ada', 'bob', 'cyd'].map((name) => model.addPerson(name))
    for (const { id } of people) {
      for (let index = 0; index <= Number(id === people[0]?.id); index += 1)
        addDevice(run, id, `${id} ${index}`)
    }
    for (const { link } of run.devices) link.up()
    await settle(run, 200)
    for (let step = 0; step < steps; step += 1) {
      await disturb(run)
      for (let events = random.int(0, 6); events > 0; events -= 1) await scheduler.step()
    }
    await heal(run)
    for (const device of run.devices) checkDevice(model, device)
    checkSaid(model, run.said, run.made, run.devices)
    if (run.defects.length > 0) throw run.defects[0]
  } catch (error) {
    throw new Error(
      `The simulation failed with seed ${seed} and ${steps} steps: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    )
  } finally {
    for (const { engine } of run.devices) await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function addDevice(run: Run, me: AccountId, name: string): void {
  const path = join(run.folder, `${(run.stores += 1)}.db`)
  run.devices.push({ name, me, path, ...start(run, me, path) })
}

function start(run: Run, me: AccountId, path: string): { engine: Engine; link: Link } {
  const { random, scheduler, model } = run
  const links: Link[] = []
  const engine = openEngine({
    path,
    key,
    connect: (onState) => {
      const link = new Link(model, me, scheduler, random.fork(`link ${run.stores}`), onState)
      links.push(link)
      return link
    },
    clock: scheduler,
    random: () => random.next(),
    newOperationId: () => `operation-${(run.operations += 1)}`,
    breathe: drained,
    onDefect: (error) => run.defects.push(error),
  })
  const [link] = links
  if (!link) throw new Error('The engine does not connect')
  return { engine, link }
}

/** What is on disk at this moment is all that is left of it. */
async function crash(run: Run, device: SimulatedDevice): Promise<void> {
  const path = join(run.folder, `${(run.stores += 1)}.db`)
  for (const part of ['', '-wal']) {
    if (existsSync(device.path + part)) copyFileSync(device.path + part, path + part)
  }
  device.link.kill()
  const dead = device.engine
  Object.assign(device, { path, ...start(run, device.me, path) })
  await dead.close()
}

async function disturb(run: Run): Promise<void> {
  const { random, model } = run
  const device = random.pick(run.devices)
  const dice = random.next()
  if (dice < 0.7) await act(run, device)
  else if (dice < 0.82) device.link.down()
  else if (dice < 0.95) device.link.up()
  else if (dice < 0.98) await crash(run, device)
  else if (dice < 0.985) model.keptAfter = model.head
  else if (dice < 0.99) model.files.sweep()
  else troubleshoot(run, device)
}

async function act(run: Run, device: SimulatedDevice): Promise<void> {
  const { random } = run
  const { engine } = device
  const wanted = wish(run, device)
  if (!wanted) return
  const attachments = wanted.kind === 'send' ? await attach(run, engine, wanted.conversationId) : []
  const action = attachments.length > 0 ? { ...wanted, attachments } : wanted
  const id = OperationId.parse(`operation-${(run.operations += 1)}`)
  try {
    engine.act(action, id)
  } catch (error) {
    // What it was about is gone by now.
    if (error instanceof Error && error.name === 'Refusal') return
    throw error
  }
  if (action.kind === 'send') {
    run.said.push({
      device: device.name,
      id,
      conversation: action.conversationId,
      attachments: attachments.length,
      repliesTo: typeof action.replyTo === 'string' ? action.replyTo : null,
      undone: false,
      retried: false,
    })
  }
  if (action.kind === 'make-group') run.made.add(action.name)
  if (random.chance(0.1))
    engine.saveDraft(action.kind === 'send' ? action.conversationId : ('local-x' as ConversationKey), null)
}

/** Now and then a file or two; one of them may never come to be sent. */
async function attach({ random }: Run, engine: Engine, id: ConversationKey): Promise<DraftAttachmentId[]> {
  const added: DraftAttachmentId[] = []
  while (added.length < 2 && random.chance(0.1)) {
    const content = new Uint8Array(random.chance(0.1) ? random.int(0, 300_000) : random.int(0, 3_000))
    const adding = engine.addAttachment(id, { name: `file ${added.length}`, mediaType: '', content })
    if (random.chance(0.1)) adding.catch(() => {})
    else added.push((await adding).id)
  }
  return added
}

function wish(run: Run, { engine, me }: SimulatedDevice): Action | null {
  const { random, model } = run
  const conversations = engine.conversations()
  if (engine.me() === null) return null
  const others = [...model.people.keys()].filter((id) => id !== me)
  if (conversations.length === 0 || random.chance(0.05)) {
    const members = others.filter(() => random.chance(0.6))
    return {
      kind: 'make-group',
      name: `group ${(run.operations += 1)}`,
      description: '',
      joinPolicy: 'open',
      listed: true,
      members,
    }
  }
  const { id: conversationId } = random.pick(conversations)
  const { items } = engine.timeline({ conversationId, at: { kind: 'newest' }, limit: 10 })
  const item = items.length > 0 ? random.pick(items) : null
  const messageId = item?.id ?? item?.operationId ?? null
  const content = { kind: 'plain', text: `text ${(run.operations += 1)}` } as const
  const dice = random.next()
  if (dice < 0.5 || !item || messageId === null) {
    const replyTo = messageId !== null && random.chance(0.2) ? { replyTo: messageId } : {}
    return { kind: 'send', conversationId, content, ...replyTo }
  }
  if (dice < 0.6) return { kind: 'edit', conversationId, messageId, content }
  if (dice < 0.65) return { kind: 'delete', conversationId, messageId }
  if (dice < 0.75)
    return {
      kind: 'react',
      conversationId,
      messageId,
      emoji: random.pick(['👍', '🎉']),
      on: random.chance(0.7),
    }
  if (dice < 0.85)
    return typeof messageId === 'number' ? { kind: 'mark-read', conversationId, messageId } : null
  if (dice < 0.89) return { kind: 'rename', conversationId, name: `name ${(run.operations += 1)}` }
  if (dice < 0.91) return { kind: 'leave', conversationId }
  if (dice < 0.95) return { kind: 'add-members', conversationId, accountIds: [random.pick(others)] }
  if (dice < 0.98) return { kind: 'remove-member', conversationId, accountId: random.pick(others) }
  const rooms = [...model.rooms.keys()]
  return rooms.length > 0 ? { kind: 'join', conversationId: random.pick(rooms) } : null
}

/** What a person does about what was refused, and the odd look around. */
function troubleshoot(run: Run, { engine }: SimulatedDevice): void {
  const { random } = run
  const refused = engine.outbox().filter(({ state }) => state === 'refused')
  if (refused.length === 0) {
    const [first] = engine.conversations().filter(({ id }) => id.startsWith('c'))
    if (first) engine.loadMembers(first.id as ConversationId).catch(() => {})
    return
  }
  const { id } = random.pick(refused)
  if (random.chance(0.5)) {
    // What waited for it comes later than what did not.
    const waiting = new Set(engine.outbox().map((operation) => operation.id as string))
    for (const said of run.said) if (waiting.has(said.id)) said.retried = true
    engine.retry(id)
  } else undo(run, engine, id)
}

function undo(run: Run, engine: Engine, id: OperationId): void {
  const before = new Set(engine.outbox().map((operation) => operation.id as string))
  engine.undo(id)
  for (const { id: kept } of engine.outbox()) before.delete(kept)
  for (const said of run.said) if (before.has(said.id)) said.undone = true
}

/** The network is good again, and everybody gives up what was refused. */
async function heal(run: Run): Promise<void> {
  for (let round = 0; round < 30; round += 1) {
    for (const { link } of run.devices) link.up()
    await settle(run, 5_000)
    const refused = run.devices.flatMap(({ engine }) =>
      engine.outbox().flatMap(({ id, state }) => (state === 'refused' ? [{ engine, id }] : [])),
    )
    for (const { engine, id } of refused) undo(run, engine, id)
    if (refused.length === 0 && run.devices.every(({ engine }) => engine.outbox().length === 0)) return
  }
  const left = run.devices.map(({ name, engine }) => `${name}: ${JSON.stringify(engine.outbox())}`)
  throw new Error(`Something stays in an outbox:\n${left.join('\n')}`)
}

async function settle({ scheduler }: Run, eventsMax: number): Promise<void> {
  for (let events = 0; events < eventsMax; events += 1) if (!(await scheduler.step())) return
}
