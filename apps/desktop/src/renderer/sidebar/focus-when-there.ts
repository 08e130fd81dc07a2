/** A line that comes into sight is measured before it can be focused; that takes a frame or two. */
const framesMax = 30

/** Gives the focus to an element as soon as it can take it. @returns what gives that up. */
export function focusWhenThere(find: () => HTMLElement | null): () => void {
  let frame = 0
  const look = (framesLeft: number) => {
    const element = find()
    element?.focus({ preventScroll: true })
    const done = element !== null && document.activeElement === element
    if (!done && framesLeft > 0) frame = requestAnimationFrame(() => look(framesLeft - 1))
  }
  look(framesMax)
  return () => cancelAnimationFrame(frame)
}
