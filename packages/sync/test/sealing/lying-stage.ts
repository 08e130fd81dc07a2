import { join } from 'node:path'
import type { Engine } from '@parley/sync/engine'
import { signUp } from '@parley/testkit/people'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { engineAt } from '../devices.ts'
import { Liar } from './liar.ts'
import { named, ready, say, sealedGroup, sealedStage, sees, type Somebody } from './people.ts'

/** A stage on which a server lies to ben, and to nobody else. */
export async function lyingStage() {
  const stage = await sealedStage(['ada', 'eve'])
  const liar = new Liar()
  const folder = stage.stack.use(temporaryFolder('parley-lies'))
  const person = stage.stack.use(await signUp(stage.server, { username: 'ben' }))
  const where = { url: stage.server.url, token: person.token, path: join(folder.path, 'store.db') }
  let engine = stage.stack.use(engineAt(where, liar.around))
  await ready(engine)
  const ada = named(stage.people, 0)
  return {
    server: stage.server,
    liar,
    another: stage.another,
    person: stage.person,
    ada,
    eve: named(stage.people, 1),
    ben: { person, id: person.account.id } satisfies Pick<Somebody, 'person' | 'id'>,
    get engine() {
      return engine
    },
    /** Opens ben's store again. */
    async reopen(): Promise<Engine> {
      await engine.close()
      engine = stage.stack.use(engineAt(where, liar.around))
      return engine
    },
    /** A group of ada and ben. */
    async group() {
      const id = await sealedGroup(ada, [{ ...ada, ...this.ben }])
      await say(ada, id, 'one')
      await sees(engine, id, ['one'])
      return id
    },
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  }
}

/** Another character in the middle of a text. */
export const bent = (text: string): string => {
  const at = Math.floor(text.length / 2)
  return `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`
}
