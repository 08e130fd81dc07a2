import type { Services } from '@parley/api/context'
import type { Log } from '../logs/log.ts'
import type { Route } from '../http/routes.ts'
import type { Settings } from '../settings/schema.ts'

/** What a gateway stands on: the use cases of `chat`, and who vouches for people. It has nothing of its own. */
export interface GatewayHost {
  readonly services: Services
  readonly log: Log
  readonly allowsOrigin: (origin: string) => boolean
}

export type Gateway = (host: GatewayHost) => Route

type GatewayName = Settings['gateways'][number]

const gateways: Readonly<Partial<Record<GatewayName, Gateway>>> = {}

/** The routes of the gateways that the operator has turned on. @throws when this Parley has none by a name. */
export function gatewayRoutes(names: readonly GatewayName[], host: GatewayHost): Route[] {
  return names.map((name) => {
    const gateway = gateways[name]
    if (!gateway) throw new Error(`This version of Parley has no gateway "${name}".`)
    return gateway(host)
  })
}
