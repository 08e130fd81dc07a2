import fc from 'fast-check'
import { test } from 'vitest'
import { anyHistory, holds } from './property.ts'

test('P8: whatever happens to members and devices, every reader opens what it may, and nobody removed opens more', async () => {
  await fc.assert(fc.asyncProperty(...anyHistory, holds), { numRuns: 150 })
})
