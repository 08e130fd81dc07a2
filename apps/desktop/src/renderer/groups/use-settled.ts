import { useEffect, useState } from 'react'

/** A value once it has stayed the same for a while, so that the server is not asked at every key. */
export function useSettled<Value>(value: Value, forMs: number): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const waiting = setTimeout(() => setSettled(value), forMs)
    return () => clearTimeout(waiting)
  }, [value, forMs])
  return settled
}
