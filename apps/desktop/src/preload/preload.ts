import { ipcRenderer } from 'electron'
import { handOver, isKind, listening, portsChannel } from './hand-over.ts'

// It hands over two ports and nothing else: nothing of Electron's is exposed to the page.

let waiting: MessagePort[] | null = null
let pageListens = false

ipcRenderer.on(portsChannel, (event) => {
  // Ports that the page never took are of an engine that is gone.
  for (const port of waiting ?? []) port.close()
  waiting = [...event.ports]
  pass()
})

window.addEventListener('message', (event) => {
  if (event.source !== window || !isKind(event.data, listening.kind)) return
  pageListens = true
  pass()
})

function pass(): void {
  if (!pageListens || !waiting) return
  window.postMessage(handOver, window.location.origin, waiting)
  waiting = null
}

ipcRenderer.send(portsChannel)
