import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeWindow, WindowState } from '../../src/main/window/window-state.ts'

const display = { x: 0, y: 0, width: 1_920, height: 1_040 }
const left = { x: -1_280, y: 0, width: 1_280, height: 1_000 }

test('a window that was never placed gets its size, and the system says where', () => {
  expect(placeWindow(null, [display])).toEqual({ width: 1_180, height: 780 })
})

test('a window comes back to where it was', () => {
  const bounds = { x: 100, y: 50, width: 900, height: 700 }
  expect(placeWindow(bounds, [display, left])).toEqual(bounds)
  expect(placeWindow({ ...bounds, x: -1_200 }, [display, left])).toEqual({ ...bounds, x: -1_200 })
})

test('a window on a display that was taken away comes to the middle', () => {
  const bounds = { x: -1_200, y: 50, width: 900, height: 700 }
  expect(placeWindow(bounds, [display])).toEqual({ width: 900, height: 700 })
})

test('a window that hangs over an edge is pulled in', () => {
  expect(placeWindow({ x: 1_700, y: -20, width: 900, height: 700 }, [display])).toEqual({
    x: 1_020,
    y: 0,
    width: 900,
    height: 700,
  })
})

test('wherever a window was, it fits the display that it comes to', () => {
  const coordinate = fc.integer({ min: -10_000, max: 10_000 })
  const length = fc.integer({ min: 1, max: 20_000 })
  const anyBounds = fc.record({ x: coordinate, y: coordinate, width: length, height: length })
  fc.assert(
    fc.property(anyBounds, (bounds) => {
      const place = placeWindow(bounds, [display, left])
      const area = place.x !== undefined && place.x < 0 ? left : display
      expect(place.width).toBeLessThanOrEqual(area.width)
      expect(place.height).toBeLessThanOrEqual(area.height)
      expect((place.x ?? area.x) + place.width).toBeLessThanOrEqual(area.x + area.width)
      expect((place.y ?? area.y) + place.height).toBeLessThanOrEqual(area.y + area.height)
    }),
  )
})

test.for([{}, null, { bounds: { x: 0 }, maximised: false }, { bounds: null, maximised: 'yes' }])(
  'P9: %j is no state of a window',
  (stored) => {
    expect(WindowState.safeParse(stored).success).toBe(false)
  },
)
