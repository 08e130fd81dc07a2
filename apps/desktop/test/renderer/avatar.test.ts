import { expect, test } from 'vitest'
import { hueOf } from '../../src/renderer/ui/avatar.tsx'

test('a hue stays with an id for ever, and what has none of the server yet has no hue that would change', () => {
  expect(hueOf('cAAAAAAAAAAAAAAA')).toBe(hueOf('cAAAAAAAAAAAAAAA'))
  expect(hueOf('cAAAAAAAAAAAAAAA')).not.toBe(hueOf('cAAAAAAAAAAAAAAB'))
  expect(hueOf('local-01a1fa5f-76ee-7538-852e-869882b17fcc')).toBeNull()
})
