import type { Workload } from '../workload.ts'
import { connect } from './connect.ts'
import { idle } from './idle.ts'
import { longPolls } from './long-polls.ts'
import { manyRooms } from './many-rooms.ts'
import { newest } from './newest.ts'
import { roomClosed } from './room-closed.ts'
import { roomSteady } from './room-steady.ts'
import { search } from './search.ts'
import { stalled } from './stalled.ts'

export const workloads: readonly Workload[] = [
  roomClosed,
  roomSteady,
  manyRooms,
  newest,
  connect,
  idle,
  search,
  stalled,
  longPolls,
]
