import { protocol } from 'electron'
import { scheme } from './addresses.ts'
import { servePageFile } from './files.ts'

/** Has to be called before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

export function servePage(folder: string): void {
  protocol.handle(scheme, (request) => servePageFile(folder, request))
}
