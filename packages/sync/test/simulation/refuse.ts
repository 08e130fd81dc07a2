import { type ErrorKind, ParleyError } from '@parley/client/parley-error'

export const refuse = (kind: ErrorKind): never => {
  throw new ParleyError(kind, kind)
}
