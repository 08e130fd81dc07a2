import { create } from 'zustand'

/** By then whoever opened a window sees what is in it. */
const calmMs = 400

/** Whether the window has been there for a moment: what it does not need to be read is asked for from then on. */
const useWindow = create<{ readonly calm: boolean }>(() => ({ calm: false }))

export const useCalm = (): boolean => useWindow((state) => state.calm)

/** @returns what stops the waiting */
export function awaitCalm(): () => void {
  const timer = setTimeout(() => useWindow.setState({ calm: true }), calmMs)
  return () => clearTimeout(timer)
}
