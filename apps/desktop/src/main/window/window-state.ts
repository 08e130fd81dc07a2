import { z } from 'zod'

export const windowWidthMin = 480
export const windowHeightMin = 360
const widthDefault = 1_180
const heightDefault = 780

/** In the coordinates of all displays together, which may be negative. */
const Rectangle = z.strictObject({ x: z.int(), y: z.int(), width: z.int().min(1), height: z.int().min(1) })
export type Rectangle = z.infer<typeof Rectangle>

export const WindowState = z.strictObject({ bounds: Rectangle.nullable(), maximised: z.boolean() })
export type WindowState = z.infer<typeof WindowState>

export const firstWindowState: WindowState = { bounds: null, maximised: false }

interface Place {
  readonly x?: number
  readonly y?: number
  readonly width: number
  readonly height: number
}

/** So much of the window has to lie on a display that it can be seen and pulled. */
const visiblePixelsMin = 120

/**
 * Where the window goes: where it was, made to fit the display that shows the most of it; or in the middle, where no
 * display shows enough of it, because one was taken away.
 *
 * @param workAreas of the displays, the primary one first
 */
export function placeWindow(remembered: Rectangle | null, workAreas: readonly Rectangle[]): Place {
  const primary = workAreas[0] ?? { x: 0, y: 0, width: widthDefault, height: heightDefault }
  if (!remembered) return fit({ width: widthDefault, height: heightDefault }, primary)
  const shown = workAreas
    .map((area) => ({ area, overlap: overlapOf(remembered, area) }))
    .toSorted((a, b) => b.overlap.width * b.overlap.height - a.overlap.width * a.overlap.height)[0]
  const size = fit(remembered, shown?.area ?? primary)
  if (!shown || shown.overlap.width < visiblePixelsMin || shown.overlap.height < visiblePixelsMin) return size
  const { area } = shown
  return {
    x: clamp(remembered.x, area.x, area.x + area.width - size.width),
    y: clamp(remembered.y, area.y, area.y + area.height - size.height),
    ...size,
  }
}

const fit = (size: { width: number; height: number }, area: Rectangle) => ({
  width: clamp(size.width, Math.min(windowWidthMin, area.width), area.width),
  height: clamp(size.height, Math.min(windowHeightMin, area.height), area.height),
})

function overlapOf(a: Rectangle, b: Rectangle): { width: number; height: number } {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return { width: Math.max(0, width), height: Math.max(0, height) }
}

const clamp = (value: number, min: number, max: number): number => Math.max(min, Math.min(value, max))
