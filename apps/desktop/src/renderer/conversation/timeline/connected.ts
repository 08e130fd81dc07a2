import { PortError } from '../../../ports/caller.ts'
import { engine } from '../../live/clients.ts'

/** What needs the server would wait for it; who looks at the screen is better told. @throws PortError `unreachable` */
export async function connected(): Promise<void> {
  const connection = await engine.app.connection.query()
  if (connection.kind !== 'online') {
    throw new PortError({ kind: 'unreachable', message: 'The server cannot be reached.' })
  }
}
