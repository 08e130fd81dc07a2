import { useEffect, useState } from 'react'

/** Whole seconds until a time, counted down; 0 once it has come. `at` is in milliseconds since 1970. */
export function useCountdown(at: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (at === null) return
    setNow(Date.now())
    const ticking = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(ticking)
  }, [at])
  return at === null ? 0 : Math.max(0, Math.ceil((at - now) / 1_000))
}

/** True once something has been so without a break for a while: what is over sooner is not worth a flicker. */
export function useLasting(so: boolean, forMs: number): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (!so) {
      setLasting(false)
      return
    }
    const waiting = setTimeout(() => setLasting(true), forMs)
    return () => clearTimeout(waiting)
  }, [so, forMs])
  return so && lasting
}
