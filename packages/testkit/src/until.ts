import type { Engine } from '@parley/sync/engine'

/** Resolves with what the question answers as soon as that is something; it is asked again at every change. */
export function until<Answer>(
  engine: Engine,
  ask: (engine: Engine) => Answer | null | undefined | false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const look = () => {
      try {
        const answer = ask(engine)
        if (answer === null || answer === undefined || answer === false) return
        listening[Symbol.dispose]()
        resolve(answer)
      } catch (error) {
        listening[Symbol.dispose]()
        reject(error instanceof Error ? error : new Error(String(error)))
      }
    }
    const listening = engine.onChange(look)
    look()
  })
}
