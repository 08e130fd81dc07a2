import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { engine, takePorts } from './live/clients.ts'
import { followCommands } from './live/commands.ts'
import { followChanges, queryClient } from './live/live.ts'
import { carryNonce } from './ui/style-nonce.ts'
import { Notices } from './ui/notices.tsx'
import { Tips } from './ui/tips.tsx'

const root = document.getElementById('app')
if (!root) throw new Error('The page has no place for the app')

carryNonce()
takePorts()
window.addEventListener('online', () => void engine.app.retryNow.mutate())
followChanges()
followCommands()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <App />
      <Notices />
      <Tips />
    </QueryClientProvider>
  </StrictMode>,
)
