import { join } from 'node:path'
import { connect } from '@parley/client/connect'
import type { TestPerson } from '@parley/testkit/people'
import { until } from '@parley/testkit/until'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { type Engine, openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import type { ConversationKey } from '@parley/sync/actions'
import type { Clock, ServerPort } from '@parley/sync/ports'

export { until }

export const testKey = new Uint8Array(32).fill(7)

/** A device of somebody: an engine over the real client. The store stays when the engine is closed. */
export interface Device extends AsyncDisposable {
  readonly engine: Engine
  readonly path: string
  /** Opens the store again, as after a restart of the app. */
  reopen(url?: string): Promise<Device>
  close(): Promise<void>
}

export interface Where {
  readonly url: string
  readonly token: string
  readonly path: string
}

/** What may stand between an engine and its server. */
export type Around = (server: ServerPort) => ServerPort

/** How an engine is opened otherwise than the app opens it. */
export interface Otherwise {
  readonly around?: Around
  readonly clock?: Clock
  readonly carriesBeside?: boolean
}

export const engineAt = (
  { url, token, path }: Where,
  around: Around = (server) => server,
  { clock, carriesBeside }: Pick<Otherwise, 'clock' | 'carriesBeside'> = {},
): Engine =>
  openEngine({
    path,
    key: testKey,
    random: () => 0.1,
    connect: (onState) => around(serverOver(connect({ url, token, onState, random: () => 0.1 }))),
    onDefect: (error) => console.error(error),
    clock,
    carriesBeside,
  })

export function openDevice(
  server: { readonly url: string },
  person: Pick<TestPerson, 'token'>,
  otherwise: Otherwise = {},
): Device {
  const folder = temporaryFolder('parley-sync')
  const where = { url: server.url, token: person.token, path: join(folder.path, 'store.db') }
  return deviceAt(where, folder, otherwise)
}

function deviceAt(where: Where, folder: Disposable, otherwise: Otherwise): Device {
  const engine = engineAt(where, otherwise.around, otherwise)
  return {
    engine,
    path: where.path,
    close: () => engine.close(),
    async reopen(url = where.url) {
      await engine.close()
      return deviceAt({ ...where, url }, folder, otherwise)
    },
    async [Symbol.asyncDispose]() {
      await engine.close()
      folder[Symbol.dispose]()
    },
  }
}

export const caughtUp = (engine: Engine) =>
  until(engine, (each) => {
    const connection = each.connection()
    return connection.kind === 'online' && connection.caughtUp
  })

export const settled = (engine: Engine) => until(engine, (each) => each.outbox().length === 0)

/** What a conversation says, oldest first; messages that wait are marked with how they stand. */
export const texts = (engine: Engine, conversationId: ConversationKey): string[] =>
  engine.timeline({ conversationId, at: { kind: 'newest' } }).items.map(({ content, delivery }) => {
    const text = content.kind === 'plain' ? content.text : content.kind
    return delivery === 'confirmed' ? text : `${text} (${delivery})`
  })
