import type { Page } from 'playwright-core'

declare global {
  interface Window {
    portsGiven: MessagePort[][]
  }
}

/**
 * The ports that a page was given, used from beside the page: what its own code could do with them, a test can ask for.
 */
export interface PagePorts {
  /** Asks the router behind a port. @returns the error as it travels, where there is one. */
  call(which: Which, type: 'query' | 'mutation', path: string, input?: unknown): Promise<Called>
  /** The first `count` items of a subscription. */
  items(which: Which, path: string, count: number): Promise<unknown[]>
  /** How often the page was given ports. */
  given(): Promise<number>
}

type Which = 'engine' | 'desk'
export interface Called {
  readonly data?: unknown
  readonly trouble?: { readonly kind: string; readonly message: string }
}

/** Loads the page again, and listens beside it. */
export async function portsOf(page: Page): Promise<PagePorts> {
  await page.addInitScript(() => {
    window.portsGiven = []
    window.addEventListener('message', ({ data, ports }) => {
      if ((data as { kind?: string }).kind !== 'parley:ports') return
      window.portsGiven.push([...ports])
      window.dispatchEvent(new Event('ports-given'))
    })
  })
  await page.reload()
  await page.waitForFunction(() => window.portsGiven.length > 0)
  return {
    given: () => page.evaluate(() => window.portsGiven.length),
    call: (which, type, path, input) => page.evaluate(callInPage, { which, type, path, input }),
    items: (which, path, count) => page.evaluate(itemsInPage, { which, path, count }),
  }
}

function callInPage(asked: { which: Which; type: string; path: string; input: unknown }): Promise<Called> {
  // Ids of the page's own calls begin with 1.
  const id = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000)
  const { which, type, path, input } = asked
  return new Promise((resolve) => {
    const ask = () => {
      const port = window.portsGiven.at(-1)?.[which === 'engine' ? 0 : 1]
      port?.addEventListener('message', ({ data }) => {
        const answer = data as Called & { id: number }
        if (answer.id === id) resolve(answer)
      })
      port?.postMessage({ kind: 'call', id, type, path, input })
    }
    ask()
    // The pair that was there may be on its way out, as in the page's own client.
    window.addEventListener('ports-given', ask)
  })
}

function itemsInPage(asked: { which: Which; path: string; count: number }): Promise<unknown[]> {
  const id = 1_000_000_000 + Math.floor(Math.random() * 1_000_000_000)
  const items: unknown[] = []
  return new Promise((resolve) => {
    const ask = () => {
      const port = window.portsGiven.at(-1)?.[asked.which === 'engine' ? 0 : 1]
      port?.addEventListener('message', ({ data }) => {
        const answer = data as { id: number; kind: string; data: unknown }
        if (answer.id !== id) return
        if (answer.kind === 'item') items.push(answer.data)
        if (answer.kind === 'failed' || items.length === asked.count) resolve(items)
      })
      port?.postMessage({ kind: 'call', id, type: 'subscription', path: asked.path })
    }
    ask()
    window.addEventListener('ports-given', ask)
  })
}
