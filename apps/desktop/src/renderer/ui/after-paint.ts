/** Runs something once what is drawn now is to be seen. @returns what gives it up. */
export function afterPaint(run: () => void): () => void {
  // The frame that is drawn now is the one between the two.
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(run)
  })
  return () => cancelAnimationFrame(frame)
}
