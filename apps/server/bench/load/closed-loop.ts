import { pause } from './clock.ts'
import type { Crowd } from './crowd.ts'
import type { Figures, Scene, Stage } from './stage.ts'

const rampMs = 300
const windowMs = 3_000

/** Senders keep a number of sends under way; a round counts what is acknowledged and delivered meanwhile. */
export async function closedLoop(stage: Stage, crowd: Crowd, inFlight: number): Promise<Scene> {
  const scene: Scene = {
    async round(): Promise<Figures> {
      const sending = crowd.keepSending(inFlight)
      await pause(rampMs)
      const cpu = await stage.server.cpuMicros()
      const [from, delivered, said] = [performance.now(), crowd.delivered, crowd.acknowledged]
      await pause(windowMs)
      const [deliveries, messages] = [crowd.delivered - delivered, crowd.acknowledged - said]
      const seconds = (performance.now() - from) / 1000
      const busy = (await stage.server.cpuMicros()) - cpu
      sending.stop()
      await crowd.settle()
      return {
        deliveriesPerSecond: deliveries / seconds,
        messagesPerSecond: messages / seconds,
        cpuMicrosPerMessage: busy / messages,
        serverCpuShare: busy / seconds / 1e6,
      }
    },
  }
  await scene.round()
  return scene
}
