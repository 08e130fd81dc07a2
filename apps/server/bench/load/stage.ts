import type { Laid } from '../world.ts'
import type { Protocol } from './protocol.ts'

/** Figures of one round, by name. */
export type Figures = Record<string, number>

/** What the load process has before it: a running server with a world in it, and questions that it can ask about the server. */
export interface Stage {
  protocol: Protocol
  address: string
  laid: Laid
  server: {
    cpuMicros(): Promise<number>
    /** After a collection of garbage. */
    residentBytes(): Promise<number>
    /** What waits unsent in this process for the connection that has the most of it. */
    bufferedBytesMax(): Promise<number>
  }
}

/** A workload that has connected its clients. A round may be asked for again and again. */
export interface Scene {
  round(): Promise<Figures>
}
