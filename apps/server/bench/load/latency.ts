import { bodyMarker } from '../world.ts'
import { nowMicros } from './clock.ts'
import type { Client } from './client.ts'
import type { Crowd } from './crowd.ts'

const marker = Buffer.from(bodyMarker)
const zero = 48

/** The number that stands in digits at a place. */
function digitsAt(bytes: Buffer, at: number): number {
  let value = 0
  for (let place = at; ; place++) {
    const digit = (bytes[place] ?? 0) - zero
    if (digit < 0 || digit > 9) return value
    value = value * 10 + digit
  }
}

/** Milliseconds from each send to each delivery, for all who count deliveries; the verifying reader is left out. */
export class LatencyMeter {
  #samples: number[] = []

  constructor(crowd: Crowd) {
    for (const client of crowd.clients) if (client.onStream === null) this.#meter(client)
  }

  /** What was measured since the last call. */
  take(): number[] {
    const taken = this.#samples
    this.#samples = []
    return taken
  }

  #meter(client: Client): void {
    client.onStream = (bytes, start, end) => {
      const now = nowMicros()
      for (
        let at = bytes.indexOf(marker, start);
        at >= 0 && at < end;
        at = bytes.indexOf(marker, at + marker.length)
      ) {
        client.delivered++
        this.#samples.push((now - digitsAt(bytes, at + marker.length)) / 1000)
      }
    }
  }
}
