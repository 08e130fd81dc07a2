import { type ComponentType, useSyncExternalStore } from 'react'

interface Later {
  /** Begins to read it, before anybody asks for it. */
  load(): void
}

/**
 * A part of the page whose script is read when it is first shown, or before. It is drawn as soon as it is there, where
 * React's own `lazy` keeps what was waited for back until 300 ms after the last thing that was.
 *
 * @param waiting what stands in its place meanwhile
 */
export function later<Props extends object>(
  read: () => Promise<ComponentType<Props>>,
  waiting: ComponentType | null = null,
): ComponentType<Props> & Later {
  let there: ComponentType<Props> | null = null
  let failure: { readonly error: unknown } | null = null
  let reading = false
  const told = new Set<() => void>()
  const tell = () => {
    for (const each of [...told]) each()
  }
  const load = () => {
    if (reading) return
    reading = true
    read().then(
      (part) => {
        there = part
        tell()
      },
      (error: unknown) => {
        failure = { error }
        tell()
      },
    )
  }
  const subscribe = (listener: () => void) => {
    told.add(listener)
    return () => void told.delete(listener)
  }
  const now = () => there ?? failure
  const Waiting = waiting
  function Part(props: Props) {
    load()
    useSyncExternalStore(subscribe, now)
    if (failure) throw failure.error
    const There = there
    if (There) return <There {...props} />
    return Waiting && <Waiting />
  }
  return Object.assign(Part, { load })
}
