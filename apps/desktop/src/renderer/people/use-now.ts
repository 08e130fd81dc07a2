import { useEffect, useState } from 'react'

const minuteMs = 60_000

/** The time, good enough for saying how long ago something was. Milliseconds since 1970. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), minuteMs)
    return () => clearInterval(ticking)
  }, [])
  return now
}
