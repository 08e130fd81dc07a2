import { subscribe } from 'node:diagnostics_channel'
import { Socket } from 'node:net'
import { coreWaitMicros } from './core-wait.ts'

/**
 * Loaded into every server that is measured (`node --import`), whichever it is, so that all are asked in the same
 * way and from inside: CPU time used and waited for, memory held once the garbage is gone, bytes that wait for the slowest reader.
 */
export interface ProbeQuestion {
  ask: 'cpuMicros' | 'waitMicros' | 'residentBytes' | 'bufferedBytesMax'
}

export interface ProbeAnswer {
  answer: number
}

const sockets = new Set<Socket>()
subscribe('net.server.socket', (message) => {
  if (typeof message !== 'object' || message === null || !('socket' in message)) return
  const { socket } = message
  if (!(socket instanceof Socket)) return
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
})

const answers = {
  cpuMicros() {
    const { user, system } = process.cpuUsage()
    return user + system
  },
  waitMicros: coreWaitMicros,
  residentBytes() {
    globalThis.gc?.()
    globalThis.gc?.()
    return process.memoryUsage.rss()
  },
  bufferedBytesMax: () => Math.max(0, ...[...sockets].map((socket) => socket.writableLength)),
} satisfies Record<ProbeQuestion['ask'], () => number>

process.on('message', (question: ProbeQuestion) => {
  process.send?.({ answer: answers[question.ask]() } satisfies ProbeAnswer)
})
process.channel?.unref()
// A bench that was killed leaves no server behind.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
