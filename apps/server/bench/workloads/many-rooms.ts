import { closedLoop } from '../load/closed-loop.ts'
import { Crowd } from '../load/crowd.ts'
import type { Workload } from '../workload.ts'
import type { World } from '../world.ts'
import { range } from './worlds.ts'

const roomCount = 200
const senders = 50
const readersPerRoom = 4
const inFlight = 8

/** Each sender is in four rooms, and every room has four readers who are in no other. */
const world: World = {
  accounts: senders + roomCount * readersPerRoom,
  rooms: range(roomCount).map((room) => ({
    members: [room % senders, ...range(readersPerRoom, senders + room * readersPerRoom)],
    messages: 0,
  })),
  text: 'filler',
}

/** Many small conversations at once, which leaves a server little to coalesce. */
export const manyRooms: Workload = {
  name: 'many-rooms',
  title: '200 rooms of 5, 50 senders',
  world,
  rounds: 5,
  budgets: [{ figure: 'messagesPerSecond', unit: '/s', atLeast: 13_000, ratioAtLeast: 0.65 }],
  prepare: async (stage) => closedLoop(stage, await Crowd.connect(stage, world, senders), inFlight),
}
