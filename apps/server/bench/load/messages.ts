import type { ProbeQuestion } from '../probe.ts'
import type { Laid } from '../world.ts'
import type { ProtocolName } from './protocol.ts'
import type { Figures } from './stage.ts'

/** From the bench to its load process. `answer` answers the oldest open question. */
export type ToLoad =
  | { prepare: string; protocol: ProtocolName; address: string; laid: Laid }
  | { round: true }
  | { answer: number }

/** From the load process to the bench. */
export type FromLoad = ProbeQuestion | { prepared: true } | { figures: Figures }
