import { Action, type ConversationKey } from '@parley/sync/actions'
import type { Engine } from '@parley/sync/engine'
import type { ConversationView, Operation } from '@parley/sync/views'
import type { ConversationId } from '@parley/domain/ids'
import { httpApi, signUp, type TestPerson } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { caughtUp, type Device, openDevice, type Otherwise, until } from '../devices.ts'

export interface Somebody {
  readonly person: TestPerson
  readonly device: Device
  readonly engine: Engine
  readonly id: TestPerson['account']['id']
}

/** The people of a stage, of whom there are as many as are asked for. */
export function named(people: readonly Somebody[], at: number): Somebody {
  const found = people[at]
  if (!found) throw new Error(`There are only ${people.length} people`)
  return found
}

/** A server, and people on devices of their own which are ready to seal. */
export async function sealedStage(names: readonly string[]) {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await startServer())
  const signedUp = async (username: string) => stack.use(await signUp(server, { username }))
  const open = async (person: TestPerson, otherwise: Otherwise = {}): Promise<Somebody> => {
    const device = stack.use(openDevice(server, person, otherwise))
    await ready(device.engine)
    return { person, device, engine: device.engine, id: person.account.id }
  }
  /** Another device of somebody, which is none of the account's yet. */
  const another = async (who: Somebody, otherwise: Otherwise = {}): Promise<Somebody> => {
    const { username, password } = who.person
    const { token } = await httpApi(server.url).account.signIn.mutate({ username, password })
    const device = stack.use(openDevice(server, { token }, otherwise))
    await caughtUp(device.engine)
    await until(device.engine, (each) => each.encryption().kind === 'not-linked')
    return { ...who, device, engine: device.engine }
  }
  const people: Somebody[] = []
  for (const name of names) people.push(await open(await signedUp(name)))
  return {
    server,
    people,
    person: signedUp,
    open,
    another,
    stack,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

export async function ready(engine: Engine): Promise<void> {
  await caughtUp(engine)
  await until(engine, (each) => each.encryption().kind === 'ready')
}

/** Does something, and waits until the server has it. @throws with the problem when it is refused */
export async function did(engine: Engine, action: unknown): Promise<Operation> {
  const operation = engine.act(Action.parse(action))
  await until(engine, (each) => {
    const now = each.outbox().find(({ id }) => id === operation.id)
    if (now?.state === 'refused') throw new Error(`${now.action.kind}: ${JSON.stringify(now.problem)}`)
    return !now || now.state === 'sent'
  })
  return operation
}

export async function sealedGroup(
  founder: Somebody,
  members: readonly Somebody[],
  more: Record<string, unknown> = {},
): Promise<ConversationId> {
  const made = await did(founder.engine, {
    kind: 'make-group',
    name: 'Secret garden',
    description: '',
    joinPolicy: 'closed',
    listed: false,
    members: members.map(({ id }) => id),
    sealed: true,
    history: 'everything',
    ...more,
  })
  const view = await until(founder.engine, (each) => made.makes && each.conversation(made.makes))
  if (view.id.startsWith('local-')) throw new Error('The group has no name of the server')
  const id = await until(founder.engine, (each) =>
    each.conversations().find((one) => one.id === view.id && !one.id.startsWith('local-')),
  )
  return idOf(id)
}

export function idOf({ id }: ConversationView): ConversationId {
  if (!isReal(id)) throw new Error('It was not made yet')
  return id
}

const isReal = (id: ConversationKey): id is ConversationId => !id.startsWith('local-')

export const say = (who: Somebody, conversationId: ConversationId, text: string, more: object = {}) =>
  did(who.engine, { kind: 'send', conversationId, content: { kind: 'plain', text }, ...more })

/** What is shown of a conversation, closed messages with their cause. */
export const shown = (engine: Engine, conversationId: ConversationId): string[] =>
  engine
    .timeline({ conversationId, at: { kind: 'newest' } })
    .items.map(({ content }) =>
      content.kind === 'plain'
        ? content.text
        : content.kind === 'closed'
          ? `closed: ${content.cause}`
          : content.kind,
    )

export const sees = (engine: Engine, id: ConversationId, texts: readonly string[]) =>
  until(engine, (each) => JSON.stringify(shown(each, id)) === JSON.stringify(texts))

export const isOpen = (engine: Engine, id: ConversationId) =>
  until(engine, (each) => each.conversation(id)?.sealing?.state === 'open')
