import { coreWaitMicros } from '../core-wait.ts'
import type { ProbeQuestion } from '../probe.ts'
import { workloads } from '../workloads/index.ts'
import { bareProtocol } from './bare-protocol.ts'
import type { FromLoad, ToLoad } from './messages.ts'
import { parleyProtocol } from './parley-protocol.ts'
import type { Scene, Stage } from './stage.ts'

const protocols = { bare: bareProtocol, parley: parleyProtocol }
const waiting: ((value: number) => void)[] = []
let scene: Scene | null = null

const tell = (message: FromLoad): void => {
  process.send?.(message)
}

const ask = (about: ProbeQuestion['ask']): Promise<number> =>
  new Promise((resolve) => {
    waiting.push(resolve)
    tell({ ask: about })
  })

async function obey(message: ToLoad): Promise<void> {
  if ('answer' in message) {
    waiting.shift()?.(message.answer)
  } else if ('prepare' in message) {
    const workload = workloads.find(({ name }) => name === message.prepare)
    if (workload === undefined) throw new Error(`no workload is called ${message.prepare}`)
    const stage: Stage = {
      protocol: protocols[message.protocol],
      address: message.address,
      laid: message.laid,
      server: {
        cpuMicros: () => ask('cpuMicros'),
        residentBytes: () => ask('residentBytes'),
        bufferedBytesMax: () => ask('bufferedBytesMax'),
      },
    }
    scene = await workload.prepare(stage)
    tell({ prepared: true })
  } else {
    if (scene === null) throw new Error('a round was asked for before its workload was prepared')
    const [from, waited] = [performance.now(), coreWaitMicros()]
    const figures = await scene.round()
    const loadWaitShare = (coreWaitMicros() - waited) / 1000 / (performance.now() - from)
    tell({ figures: { ...figures, loadWaitShare } })
  }
}

process.on('message', (message: ToLoad) => {
  void obey(message)
})
process.on('disconnect', () => process.exit())
