import { direct } from '../gateways/direct.ts'
import type { Gateway, GatewayHost } from '../gateways/gateway.ts'
import { invites } from '../gateways/invites.ts'
import { poll } from '../gateways/poll.ts'
import { sealed } from '../gateways/sealed.ts'
import type { Route } from '../http/routes.ts'
import type { Settings } from '../settings/schema.ts'

type GatewayName = Settings['gateways'][number]

const gateways: Readonly<Record<GatewayName, Gateway>> = { sealed, direct, invites, poll }

/** The routes of the gateways that the operator has turned on. @throws when one misses a setting. */
export const gatewayRoutes = (names: readonly GatewayName[], host: GatewayHost): Route[] =>
  [...new Set(names)].flatMap((name) => gateways[name](host))
