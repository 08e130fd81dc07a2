import { closedLoop } from '../load/closed-loop.ts'
import { Crowd } from '../load/crowd.ts'
import type { Workload } from '../workload.ts'
import { oneRoom } from './worlds.ts'

const senders = 4
const inFlight = 8
const world = oneRoom(100)

/** Four people of a room of a hundred write as fast as they are acknowledged, eight messages ahead. */
export const roomClosed: Workload = {
  name: 'room-closed',
  title: 'room of 100, closed loop',
  world,
  rounds: 5,
  budgets: [{ figure: 'deliveriesPerSecond', unit: '/s', atLeast: 1_200_000, ratioAtLeast: 0.6 }],
  prepare: async (stage) => closedLoop(stage, await Crowd.connect(stage, world, senders), inFlight),
}
